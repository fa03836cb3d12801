"""A published file as an answer: its type, what a browser may keep of it, and gzip for texts."""

from __future__ import annotations

import gzip
import mimetypes
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from .service import service

# By how a name ends, the longer endings first. The machine's own table may lack or twist these.
_TYPES = {
    "feeds/all.json": "application/feed+json",
    ".atom.xml": "application/atom+xml",
    ".rss.xml": "application/rss+xml",
    ".html": "text/html",
    ".xml": "application/xml",
    ".txt": "text/plain",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".woff2": "font/woff2",
}
_FEEDS = {"application/atom+xml", "application/rss+xml"}
_TEXTS = {"application/xml", *_FEEDS}
_PACKED = {*_TEXTS, "application/feed+json", "image/svg+xml"}
# Below that, the packed text and its header are not smaller than the text.
_LEAST_PACKED = 1000


def _type_of(name: str) -> str:
    for ending, kind in _TYPES.items():
        if name.endswith(ending):
            return kind
    return mimetypes.types_map.get(Path(name).suffix, "application/octet-stream")


def answer_with(file: BinaryIO, path: str, status: int) -> Response:
    """The file as an answer that a browser can keep and ask about (304, ranges).

    A text is packed for who takes gzip, unless a part of it is asked for. No secret is in a page,
    so its packed size betrays none.
    """
    state = os.fstat(file.fileno())
    kind = _type_of(path.lower())
    is_feed = kind in _FEEDS
    is_text = kind.startswith("text/") or kind in _TEXTS
    may_pack = (is_text or kind in _PACKED) and state.st_size >= _LEAST_PACKED
    is_packed = may_pack and "Range" not in request.headers and _takes_gzip()
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
        whole = response.content_length
        try:
            response.make_conditional(request, accept_ranges=not is_packed, complete_length=whole)
        except RequestedRangeNotSatisfiable:
            file.close()
            raise
    return response


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
