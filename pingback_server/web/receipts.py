"""Receipts: the page by which a writer, and nobody else, sees what became of what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask.typing import ResponseReturnValue
from markupsafe import Markup

from ..domain.discussion import Entry, Kind, Status
from ..domain.errors import Forged, NoSuchComment
from ..domain.markup import stored
from ..domain.own_comments import may_change
from ..domain.posts import Post
from ..domain.tokens import comment_of_receipt, receipt_token
from .service import service

# How long a receipt shows what was sent.
_LASTS = timedelta(days=30)
_TEMPLATES = {Kind.MESSAGE: "sent.html", Kind.REPORT: "reported.html"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a writer sees of the comment: nothing but what was written, and where it stands."""

    author: str
    html: Markup
    at: datetime
    status: Status


def receipt(token: str) -> ResponseReturnValue:
    """GET /-/receipts/TOKEN: the writer alone sees the comment and what happens next."""
    here = service()
    entry, post = of_receipt(token)
    is_own = may_change(entry, here.blog().discussion.edit_minutes, here.now())
    return here.theme.render(
        _TEMPLATES.get(entry.kind, "receipt.html"),
        here.blog(),
        post.language,
        post=post,
        comment=Receipt(entry.author, stored(entry.html), entry.at, entry.status),
        grace=any(reason.rule == "late" for reason in entry.reasons),
        address=post.address_of(f"comment-{entry.id}"),
        change=f"/-/receipts/{token}" if is_own else "",
        corrected=is_own and here.store.own.is_corrected(entry),
        withdrawn=is_withdrawn(entry),
        **_of_report(entry),
    )


def is_withdrawn(entry: Entry) -> bool:
    """Whether its writer has taken it back."""
    return entry.status is Status.TRASH and service().store.own.is_withdrawn(entry.id)


def _of_report(entry: Entry) -> dict[str, object]:
    """What the sender of a report is told besides: its number, and what became of it."""
    if entry.kind is not Kind.REPORT:
        return {}
    about = [] if entry.parent is None else service().store.entries(ids=[entry.parent])
    return {
        "number": entry.id,
        "decided": entry.decided_at is not None,
        "about_public": any(one.status is Status.APPROVED for one in about),
    }


def of_receipt(token: str) -> tuple[Entry, Post]:
    """What a receipt was given for, and its post. NoSuchComment if it is good for nothing now."""
    here = service()
    try:
        entry = here.store.entry(
            comment_of_receipt(here.secrets, token, here.store.own.first_words)
        )
    except Forged as error:
        raise NoSuchComment(str(error)) from error
    post = here.blog().posts.get(entry.post)
    if post is None or here.now() - entry.at > _LASTS:
        raise NoSuchComment(f"the receipt of number {entry.id} is not shown any more")
    return entry, post


def receipt_of(entry: Entry) -> str:
    """The path of the receipt that was given for `entry`."""
    here = service()
    words = here.store.own.first_words(entry.id)
    return f"/-/receipts/{receipt_token(here.secrets, entry.id, words)}"
