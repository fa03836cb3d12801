"""A reader reports something public to the author: it waits in the queue, never published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..domain.admission import check_room, visible_html
from ..domain.discussion import PRIVATE, Entry, Kind, Reason, Status, Submission, Verdict, Whence
from ..domain.errors import Forged, NoSuchComment
from ..domain.form import CommentForm, check_form
from ..domain.policy import AUTHORS_WORD, judge
from ..domain.posts import Manifest
from ..domain.rules.case import Case, Crowd
from ..domain.tokens import post_of_form
from ..store import Store

_KEPT_OUT = AUTHORS_WORD | {"trap"}


@dataclass(frozen=True, slots=True)
class Reported:
    """A report that is now on disk: its number and its words."""

    id: int
    words: str


def reported(number: int, blog: Manifest, store: Store) -> Entry:
    """What can be reported under this number. NoSuchComment if nothing public stands there."""
    entry = store.entry(number)
    is_public = entry.status is Status.APPROVED and entry.kind not in PRIVATE
    if not blog.discussion.reports or not is_public or entry.post not in blog.posts:
        raise NoSuchComment(f"nothing can be reported under number {number}")
    return entry


def receive_report(
    number: int,
    form: CommentForm,
    *,
    whence: Whence,
    crowd: Crowd,
    blog: Manifest,
    secrets: Sequence[str],
    store: Store,
    now: datetime,
) -> Reported:
    """Take a report of `number`: it is on disk, with its time, when this returns.

    Raises NoSuchComment, Forged, TooMany, TooLarge, Invalid or Unavailable, as for a comment, and
    counts the same report sent twice within ten minutes once.
    """
    entry = reported(number, blog, store)
    if post_of_form(secrets, form.token) != entry.post:
        raise Forged("this form was made for another post")
    check_room(crowd, blog.discussion.comments_per_network)
    fields = check_form(form, blog.discussion.comment_length, required=())
    case = Case(
        fields=fields,
        html=visible_html(fields.comment),
        trap=form.trap,
        kind=Kind.REPORT,
        settings=blog.discussion,
        rulings=store.rulings.recent(now),
        whence=whence,
        crowd=crowd,
    )
    submission = Submission(
        kind=Kind.REPORT,
        post=entry.post,
        parent=entry.id,
        author=fields.author,
        email=fields.email,
        url="",
        text=fields.comment,
        html=case.html,
        whence=whence,
    )
    added = store.add(submission, _in_sight(judge(case).reasons), now)
    return Reported(added.id, fields.comment)


def _in_sight(reasons: tuple[Reason, ...]) -> Verdict:
    """A report may quote what it complains of: no link and no word makes it a suspect."""
    is_kept_out = any(reason.rule in _KEPT_OUT for reason in reasons)
    return Verdict(Status.SPAM if is_kept_out else Status.PENDING, reasons)
