"""A reply that was not published: why, and its text in a box, to be sent again."""

from __future__ import annotations

from flask import Response, make_response, request

from ...domain.errors import (
    Impossible,
    NoSuchComment,
    NotAsShown,
    NotInThatState,
    PermalienError,
    TooLarge,
    Unavailable,
)
from ...languages import later
from .frame import RETRY_AFTER_SECONDS, render, words
from .kept import as_boxes, replies_typed
from .place import Place, number_of

# The first one that fits says it.
_WHY: tuple[tuple[type[PermalienError], int, str], ...] = (
    (NoSuchComment, 404, later("What it answers is there no longer: copy your text.")),
    (
        NotInThatState,
        409,
        later("What it answers is spam or in the trash by now: restore it, then publish this."),
    ),
    (NotAsShown, 409, later("What it answers was changed since: look at it, then publish this.")),
    (Impossible, 400, later("A reply needs some text, and answers a comment: write something.")),
    (TooLarge, 413, later("It has %(n)s characters, and may have %(limit)s: shorten it.")),
    (Unavailable, 503, later("The database takes nothing now: try again in a moment.")),
)


def not_published(where: Place, what: str, refusal: PermalienError) -> Response:
    """The page that says why; what it does not know goes up. `what` begins with what it answers."""
    t = words()
    number = number_of(what.partition(":")[0])
    for kind, status, why in _WHY:
        if isinstance(refusal, kind):
            page = render(
                "reply.html",
                place=where,
                number=number,
                typed=request.form.get(f"reply-{number}", ""),
                kept=as_boxes(replies_typed(without=str(number)), t),
                why=t(why, n=t.number(refusal.length), limit=t.number(refusal.limit))
                if isinstance(refusal, TooLarge)
                else t(why),
            )
            answer = make_response(page, status)
            if status == 503:
                answer.headers["Retry-After"] = RETRY_AFTER_SECONDS
            return answer
    raise refusal
