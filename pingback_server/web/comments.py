"""Comments over HTTP: the form arrives, a reply is begun."""

from __future__ import annotations

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from ..deeds.receive import Shown, find_post, receive_comment, takes_comments
from ..domain.discussion import Kind, Status
from ..domain.errors import NoSuchComment, PermalienError
from ..domain.form import CommentForm
from ..domain.tokens import browser_of, form_token, receipt_token
from ..languages import later
from . import remembering
from .confirming import show_preview
from .pages import show_form, show_message
from .refusals import answer_refusal
from .service import service
from .whence import sender


def receive() -> ResponseReturnValue:
    """POST /-/comments: 303 to the writer's receipt, or a form again with what was typed.

    Who sends what another has published is led to that: the receipt is its writer's alone.
    """
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
    if outcome.is_copy:
        place = outcome.post.address_of(f"comment-{outcome.added.id}")
        return redirect(f"{request.script_root}{place}", 303)
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


def reply_form(number: int) -> ResponseReturnValue:
    """GET /-/comments/N/reply: a form that quotes the comment it answers."""
    here = service()
    blog = here.blog()
    entry = here.store.entry(number)
    if entry.status is not Status.APPROVED or entry.kind is not Kind.COMMENT:
        raise NoSuchComment
    post = find_post(entry.post, blog)
    if not takes_comments(post, here.store, here.now()):
        return show_message(403, later("Comments are closed."), "", about=post)
    form = CommentForm(token=form_token(here.secrets, post.id), parent=str(number))
    return show_form("reply", remembering.filled_in(form), parent=entry)


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
