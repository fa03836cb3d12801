"""Trackback over HTTP: at each post's own address, and at those of WordPress."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue

from ..domain.discussion import Kind
from ..domain.errors import Closed, NotATarget, PermalienError
from ..domain.pings import Claim
from ..domain.posts import Post
from ..domain.targets import Targets
from ..protocols.trackback import LARGEST_FORM, failure, read_fields, success
from . import site
from .pages import nothing_here
from .pings import answer_to, body, take
from .service import service


def receive_trackback(name: str) -> Response:
    """POST /-/trackback/NAME: 200, and in XML whether it is taken."""
    return _receive(lambda: _targets().post_named(name))


def receive_trackback_by_number() -> Response:
    """POST /wp-trackback.php?p=N: the same."""
    return receive_trackback(request.args.get("p", ""))


def receive_trackback_at(path: str) -> Response:
    """POST to `trackback/` below the address of a post: the same."""
    return _receive(lambda: _targets().post_at(f"{service().blog().blog.url}/{path}"))


def trackback_post(name: str) -> ResponseReturnValue:
    """GET of a Trackback address: 303 to the post, for who comes with a browser."""
    try:
        return _to(_targets().post_named(name))
    except NotATarget:
        return nothing_here()


def trackback_post_by_number() -> ResponseReturnValue:
    """GET /wp-trackback.php?p=N: the same."""
    return trackback_post(request.args.get("p", ""))


def trackback_post_at(path: str) -> ResponseReturnValue:
    """GET of `trackback/` below an address: the same, unless a page stands there."""
    found = _targets().own_post_at(f"{service().blog().blog.url}/{path}")
    if found is None:
        return site.page(f"{path}/trackback/")
    return _to(found)


def _to(found: Post) -> ResponseReturnValue:
    return redirect(f"{request.script_root}{found.path}", 303)


def _targets() -> Targets:
    return Targets(service().blog(), site.is_there)


def _receive(find: Callable[[], Post]) -> Response:
    try:
        blog = service().blog()
        if not blog.discussion.trackbacks:
            raise Closed
        fields = dict(read_fields(body(LARGEST_FORM), request.headers.get("Content-Type", "")))
        target = f"{blog.blog.url}{find().path}"
        source = fields.pop("url")
        take(Claim(Kind.TRACKBACK, source, target, given=fields))
    except PermalienError as refusal:
        return _answer(failure(answer_to(refusal).words))
    return _answer(success())


def _answer(xml: bytes) -> Response:
    return Response(xml, 200, content_type="text/xml; charset=utf-8")
