"""The author answers a comment: the answer is public, and so is what it answers."""

from __future__ import annotations

from datetime import datetime

from ..domain.discussion import Submission
from ..domain.errors import Invalid, TooLarge
from ..domain.form import tidy_text
from ..domain.markup import safe_html
from ..domain.posts import Manifest
from ..store import Added, Store


def reply(parent: int, text: str, *, blog: Manifest, store: Store, now: datetime) -> Added:
    """Publish the author's answer to the comment `parent`, approving that if it waits.

    Raises NoSuchComment, NotInThatState for a parent in spam or trash, Invalid or TooLarge.
    """
    comment = tidy_text(text)
    if not comment:
        raise Invalid({"comment": "missing"})
    if len(comment) > blog.discussion.comment_length:
        raise TooLarge(len(comment), blog.discussion.comment_length)
    answer = Submission(
        post=store.entry(parent).post,
        parent=parent,
        author=blog.blog.author,
        email="",
        url=f"{blog.blog.url}/",
        text=comment,
        html=safe_html(comment),
        is_by_author=True,
    )
    return store.answer(parent, answer, now=now, by="author")
