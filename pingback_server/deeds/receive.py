"""A comment or a message arrives: from the fields of a form to one durable commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .. import languages
from ..domain.admission import check_room, visible_html
from ..domain.closing import is_in_grace, is_open
from ..domain.discussion import Kind, Status, Submission, Verdict, Whence
from ..domain.errors import (
    Closed,
    Forged,
    Invalid,
    NoSuchComment,
    Refused,
    Spent,
    TooMany,
    UnknownPost,
)
from ..domain.form import CommentForm, Fields, check_form
from ..domain.own_comments import may_be_by
from ..domain.policy import judge, needs_preview
from ..domain.posts import Manifest, Post
from ..domain.rules.case import Case, Crowd
from ..domain.switches import switched
from ..domain.tokens import PREVIEW_LASTS, Seen, post_of_form, read_preview
from ..languages import later
from ..store import Added, Store

ANONYMOUS = later("Anonymous")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: from where, and `count`, which says how many come to a post, with this one."""

    whence: Whence
    count: Callable[[str], Crowd]


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment that is not taken yet: its writer has to look at it once more. Nothing is kept."""

    post: Post
    author: str
    html: str
    parent: int | None


@dataclass(frozen=True, slots=True)
class Received:
    """What is now on disk: its post or page, its words, and whether it came after closing.

    `is_copy` says that it is public already, and that somebody else may have written it.
    """

    added: Added
    post: Post
    words: str
    is_late: bool
    is_copy: bool = False


def receive_comment(
    form: CommentForm,
    sender: Sender,
    *,
    blog: Manifest,
    secrets: Sequence[str],
    store: Store,
    now: datetime,
) -> Received | Shown:
    """Take a reader's comment: it is on disk when this returns, unless it is shown once more.

    Raises Forged, UnknownPost, Closed, TooMany, TooLarge or Invalid if it is refused, and
    Unavailable if the store cannot take it now. The same comment sent twice within ten minutes is
    one.
    """
    post = find_post(post_of_form(secrets, form.token), blog)
    is_late = _check_open(post, timedelta(minutes=blog.discussion.grace_minutes), now, store)
    crowd = sender.count(post.id)
    try:
        check_room(crowd, blog.discussion.comments_per_network)
    except TooMany:
        if again := _taken_before(form, sender.whence, post, blog=blog, store=store, now=now):
            return again
        raise
    fields = check_form(form, blog.discussion.comment_length, blog.discussion.required)
    _check_parent(fields.parent, post, store)
    seen = _seen(form, post, secrets, now)
    rulings = store.rulings.recent(now)
    case = Case(
        fields=fields,
        html=visible_html(fields.comment),
        trap=form.trap,
        settings=blog.discussion,
        rulings=rulings,
        whence=sender.whence,
        crowd=crowd,
        age=now - post.published_at if post.published_at else None,
        waited=seen.waited if seen else None,
        is_late=is_late,
        is_trusted=store.browsers.is_trusted(sender.whence.browser, rulings),
    )
    verdict = judge(case)
    author = _name(fields, post)
    shown = Shown(post, author, case.html, fields.parent)
    if needs_preview(case, verdict):
        return shown
    try:
        added = _kept(_submission(case, post, author), verdict, seen, store=store, now=now)
    except Spent:
        return shown
    is_copy = added.is_repeat and not _is_known_again(added.id, fields, sender.whence, store)
    return Received(added, post, fields.comment, is_late, is_copy)


def receive_message(
    form: CommentForm,
    sender: Sender,
    *,
    blog: Manifest,
    secrets: Sequence[str],
    store: Store,
    now: datetime,
) -> Received:
    """Take what a reader writes to the author alone: it is on disk when this returns.

    Raises Forged, UnknownPost, TooMany, TooLarge, Invalid or Unavailable, as for a comment, and
    counts the same message sent twice within ten minutes once.
    """
    page = find_post(post_of_form(secrets, form.token), blog)
    if page.kind != "contact":
        raise UnknownPost(f"{page.id!r} takes no messages")
    crowd = sender.count(page.id)
    check_room(crowd, blog.discussion.comments_per_network)
    fields = check_form(form, blog.discussion.comment_length)
    case = Case(
        fields=fields,
        html=visible_html(fields.comment),
        trap=form.trap,
        kind=Kind.MESSAGE,
        settings=blog.discussion,
        rulings=store.rulings.recent(now),
        whence=sender.whence,
        crowd=crowd,
    )
    added = store.add(_submission(case, page, fields.author), judge(case), now)
    return Received(added, page, fields.comment, is_late=False)


def _submission(case: Case, post: Post, author: str) -> Submission:
    fields = case.fields
    return Submission(
        kind=case.kind,
        post=post.id,
        parent=fields.parent if case.kind is Kind.COMMENT else None,
        author=author,
        email=fields.email,
        url=fields.url,
        text=fields.comment,
        html=case.html,
        whence=case.whence,
    )


def _kept(
    submission: Submission, verdict: Verdict, seen: Seen | None, *, store: Store, now: datetime
) -> Added:
    """Store it; a preview that was confirmed is spent in the same commit. Spent."""
    if seen is None:
        return store.add(submission, verdict, now)
    expires_at = now - seen.waited + PREVIEW_LASTS
    return store.confirmed.add(submission, verdict, now, nonce=seen.nonce, expires_at=expires_at)


def _taken_before(
    form: CommentForm,
    whence: Whence,
    post: Post,
    *,
    blog: Manifest,
    store: Store,
    now: datetime,
) -> Received | None:
    """What is on disk already of a comment that is sent again, however many come meanwhile."""
    try:
        fields = check_form(form, blog.discussion.comment_length, blog.discussion.required)
    except Refused:
        return None
    said = (fields.parent, _name(fields, post), fields.email, fields.url, fields.comment)
    added = store.taken_before(Submission(post.id, *said, html=""), now)
    if added is None:
        return None
    is_copy = not _is_known_again(added.id, fields, whence, store)
    return Received(added, post, fields.comment, is_late=False, is_copy=is_copy)


def _name(fields: Fields, post: Post) -> str:
    return fields.author or languages.words(post.language, ZoneInfo("UTC"))(ANONYMOUS)


def _is_known_again(id: int, fields: Fields, whence: Whence, store: Store) -> bool:
    """Whether a repeat may be its writer's own; then the browser that keeps a token now is its."""
    entry = store.entry(id)
    if not may_be_by(entry, whence, fields.email):
        return False
    if whence.browser and entry.status is not Status.APPROVED:
        store.own.comes_from(id, whence.browser)
    return True


def _seen(form: CommentForm, post: Post, secrets: Sequence[str], now: datetime) -> Seen | None:
    """The preview that the form confirms; None if it has none, or one that is no longer good."""
    if not form.confirm:
        return None
    try:
        return read_preview(secrets, form.confirm, post.id, now)
    except Forged:
        return None


def find_post(post: str, blog: Manifest) -> Post:
    """The published post of that id; UnknownPost if there is none."""
    try:
        return blog.posts[post]
    except KeyError:
        raise UnknownPost(f"no post {post!r} is published") from None


def takes_comments(post: Post, store: Store, now: datetime) -> bool:
    """Whether readers may comment now: by its settings and its date, or by its author's hand."""
    as_it_is = switched(post, store.switches.of(post.id))
    return as_it_is.comments and is_open(as_it_is.closes_at, now)


def _check_open(post: Post, grace: timedelta, now: datetime, store: Store) -> bool:
    """Whether the form came late but within the grace period; Closed if it came later still.

    What somebody has closed by hand is refused by the store, in the commit itself.
    """
    if post.comments and is_open(post.closes_at, now):
        return False
    if store.switches.of(post.id).comments:
        return False
    if not post.comments:
        raise Closed
    if is_in_grace(post.closes_at, now, grace):
        return True
    raise Closed(post.closes_at)


def _check_parent(parent: int | None, post: Post, store: Store) -> None:
    """Invalid unless the comment that is answered is public there: numbers are no oracle."""
    if parent is None:
        return
    try:
        answered = store.entry(parent)
    except NoSuchComment:
        raise Invalid({"parent": "missing"}) from None
    is_public = answered.status is Status.APPROVED and answered.kind is Kind.COMMENT
    if answered.post != post.id or not is_public:
        raise Invalid({"parent": "missing"})
