"""A body is read and unpacked as far as the budget goes: gzip, or nothing at all."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping

from urllib3 import BaseHTTPResponse

from ..domain.errors import FetchFailed
from .budget import Budget

_AT_ONCE = 16_384
_GZIP = 16 + zlib.MAX_WBITS


def body_of(answer: BaseHTTPResponse, headers: Mapping[str, str], budget: Budget) -> bytes:
    """The body of `answer`, unpacked; FetchFailed (`too-large`, `encoding`, `protocol`) if not."""
    _look_at_the_length(headers, budget)
    if headers.get("transfer-encoding", "chunked").strip().lower() != "chunked":
        raise FetchFailed("encoding", budget.url, "a transfer encoding that we did not ask for")
    coding = headers.get("content-encoding", "").strip().lower()
    chunks = _chunks(answer, budget)
    if coding in ("", "identity"):
        return b"".join(chunks)  # the wire has fewer bytes than may be decoded
    if coding in ("gzip", "x-gzip"):
        return _gunzipped(chunks, budget)
    raise FetchFailed(
        "encoding", budget.url, f"packed as {coding[:40]!a}, which we did not ask for"
    )


def _look_at_the_length(headers: Mapping[str, str], budget: Budget) -> None:
    # Several that agree are one (RFC 9110 §8.6).
    lengths = {part.strip() for part in headers.get("content-length", "0").split(",")}
    length = lengths.pop()
    if lengths or not (length.isascii() and length.isdigit()):
        raise FetchFailed("protocol", budget.url, "its length is no number, or several")
    budget.expect(int(length[:20]))


def _chunks(answer: BaseHTTPResponse, budget: Budget) -> Iterator[bytes]:
    while chunk := answer.read1(_AT_ONCE, decode_content=False):
        budget.seconds_left()
        yield chunk


def _gunzipped(chunks: Iterable[bytes], budget: Budget) -> bytes:
    """What the one gzip member holds; what follows after its end is left out.

    Where no length is said, its own end alone tells that nothing was broken off.
    """
    most = budget.limits.decoded_bytes
    page = bytearray()
    unpacker = zlib.decompressobj(_GZIP)
    has_begun = False
    try:
        for chunk in chunks:
            has_begun = True
            page += unpacker.decompress(chunk, most + 1 - len(page))
            if len(page) > most:
                raise budget.too_large(f"more than {most:,} bytes once unpacked")
    except zlib.error as error:
        raise FetchFailed("encoding", budget.url, f"no gzip: {error}") from error
    if has_begun and not unpacker.eof:
        raise FetchFailed("protocol", budget.url, "its gzip breaks off", passing=True)
    return bytes(page)
