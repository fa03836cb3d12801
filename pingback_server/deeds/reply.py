"""The author answers a comment: the answer is public, and so is what it answers."""

from __future__ import annotations

from datetime import datetime

from ..domain.actions import AUTHOR
from ..domain.discussion import Kind, Submission
from ..domain.errors import Impossible, TooLarge
from ..domain.form import has_something_to_see, tidy_text
from ..domain.markup import safe_html
from ..domain.posts import Manifest
from ..store import Added, Store


def reply(
    parent: int,
    text: str,
    *,
    blog: Manifest,
    store: Store,
    now: datetime,
    by: str = AUTHOR,
    signed: str = "",
    shown: str = "",
) -> Added:
    """Publish the author's answer to the comment `parent`, approving that if it waits.

    `signed` is the name that stands above it, that of the blog's author if it is empty.
    `shown` is the digest of the parent as it was seen, empty if that is not known.
    Raises NoSuchComment, NotInThatState for a parent in spam or trash, NotAsShown for one that has
    changed since it was seen, Impossible for no text or for what is no comment, and TooLarge.
    """
    comment = tidy_text(text)
    if not has_something_to_see(comment):
        raise Impossible("a reply needs some text")
    if len(comment) > blog.discussion.comment_length:
        raise TooLarge(len(comment), blog.discussion.comment_length)
    answered = store.entry(parent)
    if answered.kind is not Kind.COMMENT:
        raise Impossible(f"number {parent} is a {answered.kind}; only comments can be answered")
    answer = Submission(
        post=answered.post,
        parent=parent,
        author=signed or blog.blog.author,
        email="",
        url="",  # the blog's own address is that of the day on which a page is built
        text=comment,
        html=safe_html(comment),
        is_by_author=True,
    )
    return store.answer(parent, answer, now=now, by=by, shown=shown)
