"""A reader changes an own comment: the new text passes the rules as the first one did."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from ..domain import bayes
from ..domain.admission import check_room, visible_html
from ..domain.discussion import Entry, Whence
from ..domain.errors import NotInThatState
from ..domain.form import CommentForm, Fields, check_form
from ..domain.own_comments import may_change
from ..domain.policy import judge
from ..domain.posts import Manifest, Post
from ..domain.rules.case import Case, Crowd
from ..store import Store, Wording


def revise(
    entry: Entry,
    text: str,
    *,
    whence: Whence,
    crowd: Crowd,
    blog: Manifest,
    store: Store,
    now: datetime,
) -> Entry:
    """Have `entry`, as its writer saw it, say `text`; what it said before is kept. The new entry.

    Whether they are its writer has been shown before. Raises Corrected if somebody at the desk has
    corrected it, NotInThatState if it is too late or anybody touched the comment meanwhile,
    NoSuchComment, TooMany, TooLarge, Invalid or Unavailable; then nothing has changed.
    """
    if not may_change(entry, blog.discussion.edit_minutes, now):
        raise NotInThatState(f"comment {entry.id} can no longer be changed by its writer")
    check_room(crowd, blog.discussion.comments_per_network)
    fields = _fields(entry, text, blog.discussion.comment_length)
    if fields.comment == entry.text:
        return entry
    rulings = store.rulings.recent(now)
    case = Case(
        fields=fields,
        html=visible_html(fields.comment),
        settings=blog.discussion,
        rulings=rulings,
        whence=whence,
        crowd=crowd,
        age=_age(blog.posts.get(entry.post), now),
        is_trusted=store.browsers.is_trusted(whence.browser, rulings),
        earlier=entry.reasons,
    )
    wording = Wording(entry.author, entry.email, entry.url, entry.title, fields.comment, case.html)
    return store.own.revise(entry, wording, judge(case), bayes.words_of_entry, now=now)


def _age(post: Post | None, now: datetime) -> timedelta | None:
    return now - post.published_at if post and post.published_at else None


def _fields(entry: Entry, text: str, length: int) -> Fields:
    """The comment as a form would bring it; who wrote it was checked when it came."""
    fields = check_form(CommentForm(comment=text), length, required=())
    return replace(fields, author=entry.author, email=entry.email, url=entry.url)
