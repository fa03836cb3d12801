"""Reports over HTTP: whatever is public can be reported to the author, without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from flask import redirect, request
from flask.typing import ResponseReturnValue

from ..deeds.report import receive_report, reported
from ..domain.discussion import Entry
from ..domain.errors import PermalienError
from ..domain.form import CommentForm
from ..domain.form_of_page import FormOfPage
from ..domain.own_comments import may_change
from ..domain.tokens import form_token, receipt_token
from .comments import sent_form
from .pages import public, typed, words_in
from .receipts import receipt_of
from .refusals import answer_refusal
from .remembering import browser
from .service import service
from .whence import sender


def report_form(number: int) -> ResponseReturnValue:
    """GET /-/comments/N/report: the form, which quotes what it is about."""
    here = service()
    entry = reported(number, here.blog(), here.store)
    return _page(entry, "report", CommentForm())


def report(number: int) -> ResponseReturnValue:
    """POST /-/comments/N/report: 303 to a receipt, or the form again with what was typed."""
    here = service()
    entry = reported(number, here.blog(), here.store)
    form, who = replace(sent_form(), url="", parent=""), sender(browser())
    try:
        received = receive_report(
            number,
            form,
            whence=who.whence,
            crowd=who.count(entry.post),
            blog=here.blog(),
            secrets=here.secrets,
            store=here.store,
            now=here.now(),
        )
    except PermalienError as refusal:
        return answer_refusal(refusal, form, partial(_page, entry))
    token = receipt_token(here.secrets, received.id, received.words)
    return redirect(f"{request.script_root}/-/receipts/{token}", 303)


def _page(
    entry: Entry, kind: str, form: CommentForm, *, problems: Mapping[str, str] | None = None
) -> str:
    here = service()
    blog = here.blog()
    post = blog.posts[entry.post]
    return here.theme.render(
        "report.html",
        blog,
        post.language,
        post=post,
        kind=kind,
        comment=public(entry),
        address=post.address_of(f"comment-{entry.id}"),
        form=FormOfPage(f"/-/comments/{entry.id}/report", form_token(here.secrets, post.id), blog),
        own=_own(entry),
        **typed(form, problems, words_in(blog, post.language)),
    )


def _own(entry: Entry) -> str:
    """Where a remembered browser can still change its own comment; empty for all others."""
    here = service()
    is_own = bool(entry.whence.browser) and entry.whence.browser == browser()
    if not is_own or not may_change(entry, here.blog().discussion.edit_minutes, here.now()):
        return ""
    return receipt_of(entry)
