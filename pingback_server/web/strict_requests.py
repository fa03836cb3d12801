"""Refuses requests that two programs may read differently: where they end, and for which host."""

from __future__ import annotations

import re

from waitress.parser import HTTPRequestParser, ParsingError

# RFC 3986 §3.2.2 with a port, without the comma: several Host lines arrive joined by one.
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~%!$&'()*+;=-]*)(?::[0-9]*)?")


class StrictRequest(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """A request as waitress reads it, with the 400s that it leaves out.

    It takes a length beside chunks, and chunks in HTTP/1.0, by which a proxy that trusts the other
    one can be made to pass a request within a request (RFC 9112 §6.1, §6.3).
    """

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head of a request. ParsingError."""
        super().parse_header(header_plus)
        # In HTTP/1.1, what is understood of it is taken out.
        is_left = "TRANSFER_ENCODING" in self.headers
        if is_left or (self.chunked and "CONTENT_LENGTH" in self.headers):
            raise ParsingError("Content-Length and Transfer-Encoding do not go together")
        host = self.headers.get("HOST")
        if (self.version == "1.1" and host is None) or not _HOST.fullmatch(host or ""):
            raise ParsingError("There has to be one Host (RFC 9112 §3.2)")
