"""Comments over HTTP: the form arrives, its writer sees what becomes of it, a reply is begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from ..deeds.receive import Shown, find_post, receive_comment, takes_comments
from ..domain.discussion import Kind, Status
from ..domain.errors import Closed, Forged, NoSuchComment, PermalienError
from ..domain.form import CommentForm
from ..domain.markup import stored
from ..domain.tokens import browser_of, comment_of_receipt, form_token, receipt_token
from . import remembering
from .confirming import show_preview
from .pages import nothing_here, show_form
from .refusals import answer_refusal
from .service import service
from .whence import sender

# How long a writer's receipt shows the comment.
_RECEIPT_LASTS = timedelta(days=30)


def receive() -> ResponseReturnValue:
    """POST /-/comments: 303 to the writer's receipt, or a form again with what was typed."""
    here = service()
    form = sent_form()
    reader = remembering.reader_of(form)
    try:
        outcome = receive_comment(
            form,
            sender(browser_of(reader.token) if reader else ""),
            blog=here.blog(),
            secrets=here.secrets,
            store=here.store,
            now=here.now(),
        )
    except PermalienError as refusal:
        return answer_refusal(refusal, form)
    if isinstance(outcome, Shown):
        return show_preview(form, outcome)
    token = receipt_token(here.secrets, outcome.added.id, outcome.words)
    answer = redirect(f"{request.script_root}/-/receipts/{token}", 303)
    if reader is not None:
        remembering.remember(answer, reader)
    return answer


def forget() -> ResponseReturnValue:
    """POST /-/forget: the browser keeps nothing any more, and the form all that was typed."""
    answer = make_response(show_form("reply", sent_form(), is_remembered=False))
    remembering.forget(answer)
    return answer


def receipt(token: str) -> ResponseReturnValue:
    """GET /-/receipts/TOKEN: the writer alone sees the comment and what happens next."""
    here = service()
    blog = here.blog()
    try:
        number = comment_of_receipt(here.secrets, token, lambda id: here.store.entry(id).text)
        entry = here.store.entry(number)
    except (Forged, NoSuchComment):
        return nothing_here()
    post = blog.posts.get(entry.post)
    if post is None or here.now() - entry.at > _RECEIPT_LASTS:
        return nothing_here()
    return here.theme.render(
        "sent.html" if entry.kind is Kind.MESSAGE else "receipt.html",
        blog,
        post.language,
        post=post,
        comment=Receipt(entry.author, stored(entry.html), entry.at, entry.status),
        grace=any(reason.rule == "late" for reason in entry.reasons),
        address=post.address_of(f"comment-{entry.id}"),
    )


def reply_form(number: int) -> ResponseReturnValue:
    """GET /-/comments/N/reply: a form that quotes the comment it answers."""
    here = service()
    blog = here.blog()
    entry = here.store.entry(number)
    if entry.status is not Status.APPROVED or entry.kind is not Kind.COMMENT:
        raise NoSuchComment
    post = find_post(entry.post, blog)
    if not takes_comments(post, here.store, here.now()):
        raise Closed(post.closes_at)
    form = CommentForm(token=form_token(here.secrets, post.id), parent=str(number))
    return show_form("reply", remembering.filled_in(form), parent=entry)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a writer sees of the comment: nothing but what was written, and where it stands."""

    author: str
    html: Markup
    at: datetime
    status: Status


def sent_form() -> CommentForm:
    """The fields as sent. The hidden field `subject` is the trap."""
    sent = request.form
    return CommentForm(
        token=sent.get("token", ""),
        author=sent.get("author", ""),
        email=sent.get("email", ""),
        url=sent.get("url", ""),
        comment=sent.get("comment", ""),
        parent=sent.get("parent", ""),
        trap=sent.get("subject"),
        confirm=sent.get("confirm", ""),
    )
