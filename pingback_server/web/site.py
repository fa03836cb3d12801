"""The published pages, served from the live folder; nginx or Caddy may do it instead."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, TypeVar

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as BaseResponse

from ..domain.closing import is_open
from ..domain.posts import Post
from ..domain.switches import AS_SET, switched
from ..protocols.discovery import discovery_headers
from .addresses import directory
from .files import answer_with
from .service import service

T = TypeVar("T", bound=BaseResponse)


def page(path: str) -> ResponseReturnValue:
    """The file at `path`, or its folder's index.html; the blog's own 404 page where nothing is.

    Where a post or page was before, 301 to where it is; where a page of its discussion was, 302.
    """
    here = service()
    output = here.folder / here.blog().blog.output
    means = directory().look_up(path, request.args.get("p", ""))
    if means.moved_to is not None:
        moved = redirect(f"{request.script_root}{means.moved_to}", 301)
        return _announced(moved, directory().post_at(means.moved_to))
    if means.path is None:
        return _nothing_there(output)
    path = means.path
    if path and not path.endswith("/") and _is_folder(output, path):
        return redirect(f"{request.script_root}/{path}/", 301)
    name = f"{path}index.html" if path.endswith("/") or not path else path
    file = open_below(output, name)
    if file is None:
        return _nothing_there(output, path)
    return _announced(answer_with(file, name, 200), directory().post_in(name))


def is_there(path: str) -> bool:
    """Whether anything is published at `path`, below the blog's own, or the service answers."""
    if _is_of_the_service(path):
        return True
    here = service()
    output = here.folder / here.blog().blog.output
    name = path.strip("/")
    places = (name, f"{name}/index.html".lstrip("/"))
    files = [file for place in places if (file := open_below(output, place)) is not None]
    for file in files:
        file.close()
    return bool(files)


def _is_of_the_service(path: str) -> bool:
    try:
        _, named = current_app.url_map.bind("").match(f"/{path.lstrip('/')}")
    except MethodNotAllowed:  # there, for another deed than reading
        return True
    except HTTPException:
        return False
    return "path" not in named  # such a rule takes any address, whether anything is there or not


def _announced(answer: T, post: Post | None) -> T:
    """The answer, saying where the post takes pings as long as it does."""
    here = service()
    if post is not None and _takes_pings(post):
        answer.headers.extend(discovery_headers(here.blog().blog.url))
    return answer


def _takes_pings(post: Post) -> bool:
    """Whether it does now: by its settings and its date, or by its author's hand."""
    here = service()
    as_it_is = switched(post, here.store.switches.recent(here.now()).get(post.id, AS_SET))
    return as_it_is.pings and is_open(as_it_is.pings_close_at, here.now())


def _nothing_there(output: Path, path: str = "") -> ResponseReturnValue:
    """The 404 page; where a page of a discussion was, or may be again, 302 to its post."""
    post = directory().post_of_page(path)
    if post is not None:
        return redirect(f"{request.script_root}{post.path}#comments", 302)
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
