"""Every refusal as a page, in one table: the status, and the form again with all that was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from flask import Flask, Response, make_response
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from ..domain.errors import (
    Closed,
    Forged,
    Invalid,
    NoSuchComment,
    NotPublished,
    PermalienError,
    TooLarge,
    TooMany,
    Unavailable,
    UnknownPost,
)
from ..domain.form import CommentForm
from .pages import MESSAGES, OTHERWISE, nothing_here, sent, show_form, show_message

# What a refused form is answered with: the status, and which words the page says.
ANSWERS: dict[type[PermalienError], tuple[int, str]] = {
    Invalid: (400, "invalid"),
    Forged: (400, "forged"),
    Closed: (403, "closed"),
    UnknownPost: (404, "unknown"),
    TooLarge: (413, "too-large"),
    TooMany: (429, "too-many"),
    Unavailable: (503, "unavailable"),
}
_RETRY_AFTER_SECONDS = "30"


def register(app: Flask) -> None:
    """Answer every refusal and error of `app` with a page that says what to do."""
    app.register_error_handler(NoSuchComment, lambda _: nothing_here())
    app.register_error_handler(UnknownPost, lambda _: nothing_here())
    app.register_error_handler(Unavailable, lambda _: _later())
    app.register_error_handler(NotPublished, _not_published)
    app.register_error_handler(HTTPException, _http_error)


class _ShowsForm(Protocol):
    def __call__(
        self, kind: str, form: CommentForm, *, problems: Mapping[str, str] | None = None
    ) -> str: ...


def answer_refusal(
    refusal: PermalienError, form: CommentForm, show: _ShowsForm = show_form
) -> ResponseReturnValue:
    """The page for a form that was not taken. `show` makes it, with everything that was typed."""
    for kind, (status, words) in ANSWERS.items():
        if isinstance(refusal, kind):
            problems = refusal.problems if isinstance(refusal, Invalid) else {}
            response = make_response(show(words, form, problems=problems), status)
            if isinstance(refusal, TooMany):
                response.headers["Retry-After"] = str(int(refusal.wait.total_seconds()))
            elif status == 503:
                response.headers["Retry-After"] = _RETRY_AFTER_SECONDS
            return response
    raise refusal


def _later() -> Response:
    response = show_message(503, *OTHERWISE)
    response.headers["Retry-After"] = _RETRY_AFTER_SECONDS
    return response


def _not_published(error: NotPublished) -> Response:
    """Without a build there is no theme and no language: plain words, and those of the reader."""
    typed = "".join(f"\n{field}\n" for field in sent().values() if field)
    response = make_response(f"{error}\n{typed}", 503)
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Retry-After"] = _RETRY_AFTER_SECONDS
    return response


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    try:
        response = show_message(error.code, *MESSAGES.get(error.code, OTHERWISE))
    except NotPublished as unbuilt:
        return _not_published(unbuilt)
    for name, value in error.get_headers():
        if name in {"Allow", "Content-Range"}:
            response.headers[name] = value
    return response
