"""The published pages, served from the live folder; nginx or Caddy may do it instead."""

from __future__ import annotations

import mimetypes
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound, RequestedRangeNotSatisfiable
from werkzeug.security import safe_join
from werkzeug.wsgi import wrap_file

from .addresses import directory
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


def page(path: str) -> ResponseReturnValue:
    """The file at `path`, or its folder's index.html; the blog's own 404 page where nothing is.

    Where a post or page was before, 301 to where it is.
    """
    here = service()
    output = here.folder / here.blog().blog.output
    means = directory().look_up(path, request.args.get("p", ""))
    if means.moved_to is not None:
        return redirect(f"{request.script_root}{means.moved_to}", 301)
    if means.path is None:
        return _nothing_there(output)
    path = means.path
    if path and not path.endswith("/") and _is_folder(output, path):
        return redirect(f"{request.script_root}/{path}/", 301)
    name = f"{path}index.html" if path.endswith("/") or not path else path
    file = open_below(output, name)
    return _nothing_there(output) if file is None else answer_with(file, name, 200)


def _nothing_there(output: Path) -> Response:
    file = open_below(output, "404.html")
    if file is None:
        raise NotFound
    return answer_with(file, "404.html", 404)


def _is_folder(output: Path, path: str) -> bool:
    place = safe_join(str(output), path)
    return place is not None and not _is_hidden(path) and os.path.isdir(place)


def _is_hidden(path: str) -> bool:
    """Whether a part begins with a dot, as editors' files do; .well-known is meant to be read."""
    return any(part.startswith(".") and part != ".well-known" for part in path.split("/"))


def open_below(output: Path, path: str) -> BinaryIO | None:
    """The file, opened: from here on it stays whole, whatever the press puts in its place."""
    place = safe_join(str(output), path)
    if place is None or _is_hidden(path):
        return None
    try:
        file = open(place, "rb")  # noqa: SIM115  # the response closes it
    except (OSError, ValueError):  # nothing there, or no name that a file can have
        return None
    is_ours = os.path.realpath(place).startswith(os.path.realpath(output) + os.sep)
    if is_ours and stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    return None


def _type_of(name: str) -> str:
    for ending, kind in _TYPES.items():
        if name.endswith(ending):
            return kind
    return mimetypes.types_map.get(Path(name).suffix, "application/octet-stream")


def answer_with(file: BinaryIO, path: str, status: int) -> Response:
    """The file as an answer that a browser can keep and ask about (304, ranges)."""
    state = os.fstat(file.fileno())
    kind = _type_of(path.lower())
    is_feed = kind in _FEEDS
    # Chromium shows the source of what is called a feed, but XML with the stylesheet that it names.
    if is_feed and "text/html" in request.headers.get("Accept", ""):
        kind = "application/xml"
    response = Response(wrap_file(request.environ, file), status, direct_passthrough=True)
    is_text = kind.startswith("text/") or kind in _TEXTS
    response.headers["Content-Type"] = f"{kind}; charset=utf-8" if is_text else kind
    response.content_length = state.st_size
    response.last_modified = datetime.fromtimestamp(state.st_mtime, UTC)
    response.headers["Cache-Control"] = "no-cache"
    if is_feed:
        response.vary.add("Accept")
    response.set_etag(f"{state.st_ino:x}-{state.st_mtime_ns:x}-{state.st_size:x}")
    if status == 200:
        try:
            response.make_conditional(request, accept_ranges=True, complete_length=state.st_size)
        except RequestedRangeNotSatisfiable:
            file.close()
            raise
    return response
