"""Remembers a reader who asked for it: one cookie, by which a browser is known again.

Its random token is what trust and the right to edit hang on; the store knows its digest alone.
"""

from __future__ import annotations

import secrets as randomness
from dataclasses import replace

from flask import request
from werkzeug import Response

from ..domain.errors import Forged
from ..domain.form import CommentForm
from ..domain.tokens import Remembered, browser_of, read_remembered, remembering_token
from .service import service

COOKIE = "permalien_reader"
LASTS_SECONDS = 365 * 24 * 60 * 60
# With its attributes a cookie has some 4,096 bytes (RFC 6265 §6.1).
_LONGEST = 3800
_TOKEN_BYTES = 24


def remembered() -> Remembered | None:
    """The reader whose browser asks now, if it is remembered."""
    if "HTTP_COOKIE" not in request.environ:  # nobody's, nearly always: nothing is read then
        return None
    cookie = request.cookies.get(COOKIE, "")
    if not cookie or len(cookie) > _LONGEST:
        return None
    try:
        return read_remembered(service().secrets, cookie)
    except Forged:
        return None


def browser() -> str:
    """The digest by which the store knows the browser that asks now; empty if it is none."""
    reader = remembered()
    return browser_of(reader.token) if reader else ""


def reader_of(form: CommentForm) -> Remembered | None:
    """Whom to remember after `form`: its writer, if that was asked for now or before."""
    known = remembered()
    if known is None and not asked_for():
        return None
    token = known.token if known else randomness.token_urlsafe(_TOKEN_BYTES)
    return Remembered(token, form.author, form.email, form.url)


def asked_for() -> bool:
    """Whether the box in the form was ticked, which nobody but the reader does."""
    return bool(request.form.get("remember")) and service().blog().discussion.remember_me


def remember(response: Response, reader: Remembered) -> None:
    """Have the browser that gets `response` keep who its reader is."""
    blog = service().blog().blog
    cookie = remembering_token(service().secrets, reader)
    if len(cookie) > _LONGEST:  # browsers drop it whole: who it is matters more than a filled form
        cookie = remembering_token(service().secrets, Remembered(reader.token, "", "", ""))
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=LASTS_SECONDS,
        path=f"{blog.path}/",
        secure=blog.url.startswith("https://"),
        httponly=True,
        samesite="Lax",
    )


def forget(response: Response) -> None:
    """Have the browser that gets `response` keep nothing."""
    blog = service().blog().blog
    response.delete_cookie(
        COOKIE,
        path=f"{blog.path}/",
        secure=blog.url.startswith("https://"),
        httponly=True,
        samesite="Lax",
    )


def filled_in(form: CommentForm) -> CommentForm:
    """An empty form with what is remembered of the reader in it."""
    reader = remembered()
    if reader is None:
        return form
    return replace(form, author=reader.author, email=reader.email, url=reader.url)
