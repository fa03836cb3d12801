"""Webmention over HTTP: for other sites, and for a reader with a browser (W3C, 3.2)."""

from __future__ import annotations

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from ..domain.discussion import Kind
from ..domain.errors import Invalid, PermalienError
from ..domain.pings import Claim
from .pings import answer_to, status_page, take, wait_seconds
from .service import service

_LARGEST_FORM = 16 * 1024
# In a hidden field of the forms on our pages: a browser follows no address that comes with 201.
_BY_HAND = "hand"


def receive_webmention() -> ResponseReturnValue:
    """POST /-/webmention: 201 and the address of the status page (§3.2), with that page as the body
    for who asks for HTML; 303 there for a reader who filled in our form."""
    source = target = ""
    try:
        source, target = _sent()
        taken = take(Claim(Kind.WEBMENTION, source, target))
        address = f"/-/pings/{taken.ping.token}"
        if request.form.get("by") == _BY_HAND:
            return redirect(f"{request.script_root}{address}", 303)
        url = f"{service().blog().blog.url}{address}"
    except PermalienError as refusal:
        return _refuse(refusal, source, target)
    if _wants_a_page():
        answer = make_response(status_page(taken.ping), 201)
    else:
        answer = _plain(f"Taken. {url} says what becomes of it.", 201)
    answer.headers["Location"] = url
    return answer


def webmention_form() -> ResponseReturnValue:
    """GET /-/webmention: what this address is for, with a form that does it by hand."""
    return _form("", request.args.get("source", ""), request.args.get("target", ""))


def _sent() -> tuple[str, str]:
    """Source and target, each given once; Invalid if one is not."""
    request.max_content_length = _LARGEST_FORM
    try:
        given = {name: request.form.getlist(name) for name in ("source", "target")}
    except HTTPException:
        raise Invalid({"source": "too-long"}) from None
    missing = {name: "missing" for name, said in given.items() if len(said) != 1 or not said[0]}
    if missing:
        raise Invalid(missing)
    return given["source"][0].strip(), given["target"][0].strip()


def _wants_a_page() -> bool:
    return "text/html" in request.headers.get("Accept", "")


def _refuse(refusal: PermalienError, source: str, target: str) -> Response:
    answer = answer_to(refusal)
    if _wants_a_page():
        response = make_response(_form(answer.words, source, target), answer.status)
    else:
        response = _plain(answer.words, answer.status)
    if answer.status in (429, 503):
        response.headers["Retry-After"] = str(wait_seconds(refusal))
    return response


def _form(problem: str, source: str, target: str) -> str:
    blog = service().blog()
    return service().theme.render(
        "ping_form.html", blog, blog.blog.language, problem=problem, source=source, target=target
    )


def _plain(words: str, status: int) -> Response:
    return Response(f"{words}\n", status, content_type="text/plain; charset=utf-8")
