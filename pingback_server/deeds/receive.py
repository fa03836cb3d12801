"""A comment or a message arrives: from the fields of a form to one durable commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..domain.closing import is_in_grace, is_open
from ..domain.discussion import Kind, Status, Submission
from ..domain.errors import Closed, Invalid, NoSuchComment, UnknownPost
from ..domain.form import CommentForm, check_form, has_something_to_see
from ..domain.markup import safe_html, words_of
from ..domain.policy import judge
from ..domain.posts import Manifest, Post
from ..domain.tokens import post_of_form
from ..store import Added, Store


@dataclass(frozen=True, slots=True)
class Received:
    """What is now on disk: its post or page, its words, and whether it came after closing."""

    added: Added
    post: Post
    words: str
    is_late: bool


def receive_comment(
    form: CommentForm, *, blog: Manifest, secrets: Sequence[str], store: Store, now: datetime
) -> Received:
    """Take a reader's comment: it is on disk when this returns.

    Raises Forged, UnknownPost, Closed, TooLarge or Invalid if it is refused, and Unavailable if the
    store cannot take it now. The same comment sent twice within ten minutes is one.
    """
    post = find_post(post_of_form(secrets, form.token), blog)
    is_late = _check_open(post, timedelta(minutes=blog.discussion.grace_minutes), now)
    fields = check_form(form, blog.discussion.comment_length)
    _check_parent(fields.parent, post, store)
    html = _visible_html(fields.comment)
    verdict = judge(trap=form.trap, is_late=is_late)
    submission = Submission(
        post=post.id,
        parent=fields.parent,
        author=fields.author,
        email=fields.email,
        url=fields.url,
        text=fields.comment,
        html=html,
    )
    return Received(store.add(submission, verdict, now), post, fields.comment, is_late)


def receive_message(
    form: CommentForm, *, blog: Manifest, secrets: Sequence[str], store: Store, now: datetime
) -> Received:
    """Take what a reader writes to the author alone: it is on disk when this returns.

    Raises Forged, UnknownPost, TooLarge, Invalid or Unavailable, as for a comment, and counts
    the same message sent twice within ten minutes once.
    """
    page = find_post(post_of_form(secrets, form.token), blog)
    if page.kind != "contact":
        raise UnknownPost(f"{page.id!r} takes no messages")
    fields = check_form(form, blog.discussion.comment_length)
    submission = Submission(
        kind=Kind.MESSAGE,
        post=page.id,
        parent=None,
        author=fields.author,
        email=fields.email,
        url=fields.url,
        text=fields.comment,
        html=_visible_html(fields.comment),
    )
    verdict = judge(trap=form.trap, is_message=True)
    return Received(store.add(submission, verdict, now), page, fields.comment, is_late=False)


def find_post(post: str, blog: Manifest) -> Post:
    """The published post of that id; UnknownPost if there is none."""
    try:
        return blog.posts[post]
    except KeyError:
        raise UnknownPost(f"no post {post!r} is published") from None


def _visible_html(text: str) -> str:
    """The text made safe; Invalid if nothing of it is left to see."""
    html = safe_html(text)
    if not has_something_to_see(words_of(html)):
        raise Invalid({"comment": "missing"})
    return html


def _check_open(post: Post, grace: timedelta, now: datetime) -> bool:
    """Whether the form came late but within the grace period; Closed if it came later still."""
    if not post.comments:
        raise Closed
    if is_open(post.closes_at, now):
        return False
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
