"""A published file as an answer: what a browser may keep of it, parts of it, gzip for texts."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime
from typing import BinaryIO

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from .media_types import media_type
from .service import service

_FEEDS = {"application/atom+xml", "application/rss+xml"}
_TEXTS = {"application/xml", *_FEEDS}
_PACKED = {*_TEXTS, "application/feed+json", "image/svg+xml"}
# Below that, the packed text and its header are not smaller than the text.
_LEAST_PACKED = 1000


def answer_with(file: BinaryIO, path: str, status: int) -> Response:
    """The file as an answer that a browser can keep and ask about (304, ranges).

    A text is packed for who takes gzip, unless a part of it is asked for. No secret is in a page,
    so its packed size betrays none.
    """
    state = os.fstat(file.fileno())
    kind = media_type(path, file)
    is_feed = kind in _FEEDS
    is_text = kind.startswith("text/") or kind in _TEXTS
    may_pack = (is_text or kind in _PACKED) and state.st_size >= _LEAST_PACKED
    is_part = _is_part_asked_for(state.st_size)
    is_packed = may_pack and not is_part and _takes_gzip()
    # Chromium shows the source of what is called a feed, but XML with the stylesheet that it names.
    if is_feed and "text/html" in request.headers.get("Accept", ""):
        kind = "application/xml"
    response = _packed(file, status) if is_packed else _plain(file, status, state.st_size)
    response.headers["Content-Type"] = f"{kind}; charset=utf-8" if is_text else kind
    response.last_modified = datetime.fromtimestamp(state.st_mtime, UTC)
    response.headers["Cache-Control"] = "no-cache"
    if is_feed:
        response.vary.add("Accept")
    if may_pack:
        response.vary.add("Accept-Encoding")
    mark = f"{state.st_ino:x}-{state.st_mtime_ns:x}-{state.st_size:x}"
    response.set_etag(f"{mark}-gzip" if is_packed else mark)
    if status == 200:
        if not is_packed:
            response.headers["Accept-Ranges"] = "bytes"
        try:
            response.make_conditional(request, is_part, complete_length=state.st_size)
        except RequestedRangeNotSatisfiable:
            file.close()
            raise
    return response


def _is_part_asked_for(size: int) -> bool:
    """Whether by a range that we know: RFC 9110 §14.2 has the others passed over.

    Only GET has them. A file of `size` bytes is sent whole to who asks for more of its end.
    """
    asked = request.range
    if request.method != "GET" or asked is None or asked.units != "bytes":
        return False
    return len(asked.ranges) == 1 and asked.ranges[0][0] >= -size


def _takes_gzip() -> bool:
    """Whether the browser does; to a page of a preview something is added yet."""
    return not service().is_preview and request.accept_encodings.quality("gzip") > 0


def _plain(file: BinaryIO, status: int, size: int) -> Response:
    response = Response(wrap_file(request.environ, file), status, direct_passthrough=True)
    response.content_length = size
    return response


def _packed(file: BinaryIO, status: int) -> Response:
    with file:
        response = Response(gzip.compress(file.read(), 6, mtime=0), status)
    response.headers["Content-Encoding"] = "gzip"
    return response
