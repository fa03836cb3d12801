"""One's own comment over HTTP: its writer, whom the receipt's address proves, changes or takes it.

Whoever reports an own comment from a browser that is remembered is led to that address.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from ..deeds.revise import revise
from ..deeds.withdraw import withdraw
from ..domain.discussion import Entry
from ..domain.errors import Corrected, NotInThatState, PermalienError
from ..domain.form import CommentForm, tidy_text
from ..domain.own_comments import may_change
from ..domain.posts import Post
from .pages import typed, words_in
from .receipts import is_withdrawn, of_receipt
from .refusals import answer_refusal
from .remembering import browser
from .service import service
from .whence import sender


def edit_form(token: str) -> ResponseReturnValue:
    """GET /-/receipts/TOKEN/edit: the form with the text as it is, while the time lasts."""
    return _form(token, "edit")


def withdrawal_form(token: str) -> ResponseReturnValue:
    """GET /-/receipts/TOKEN/withdraw: a button that takes the comment back."""
    return _form(token, "withdraw")


def edit(token: str) -> ResponseReturnValue:
    """POST /-/receipts/TOKEN/edit: 303 to the receipt, which says where it stands now."""
    entry, post = of_receipt(token)
    form = CommentForm(comment=request.form.get("comment", ""))
    try:
        _revise(entry, form.comment)
    except Corrected:
        return _over(token, post, form, kind="corrected")
    except NotInThatState:
        if service().store.entry(entry.id).text == tidy_text(form.comment):  # sent twice at once
            return _to_receipt(token)
        return _over(token, post, form)
    except PermalienError as refusal:
        return answer_refusal(refusal, form, partial(_page, token, post))
    return _to_receipt(token)


def take_back(token: str) -> ResponseReturnValue:
    """POST /-/receipts/TOKEN/withdraw: 303 to the receipt, repeated too; 403 if it is too late."""
    here = service()
    entry, post = of_receipt(token)
    try:
        withdraw(entry, blog=here.blog(), store=here.store, now=here.now())
    except NotInThatState:
        if is_withdrawn(here.store.entry(entry.id)):
            return _to_receipt(token)
        return _over(token, post, CommentForm(comment=entry.text))
    return _to_receipt(token)


def _form(token: str, kind: str) -> ResponseReturnValue:
    here = service()
    entry, post = of_receipt(token)
    form = CommentForm(comment=entry.text)
    if is_withdrawn(entry):
        return _to_receipt(token)
    if not may_change(entry, here.blog().discussion.edit_minutes, here.now()):
        return _over(token, post, form)
    if kind == "edit" and here.store.own.is_corrected(entry):
        # What it says is not what its writer wrote.
        return _over(token, post, CommentForm(), kind="corrected")
    return _page(token, post, kind, form)


def _to_receipt(token: str) -> ResponseReturnValue:
    return redirect(f"{request.script_root}/-/receipts/{token}", 303)


def _revise(entry: Entry, text: str) -> None:
    here, who = service(), sender(browser())
    crowd = who.count(entry.post)
    revise(
        entry,
        text,
        whence=who.whence,
        crowd=crowd,
        blog=here.blog(),
        store=here.store,
        now=here.now(),
    )


def _over(token: str, post: Post, form: CommentForm, *, kind: str = "over") -> ResponseReturnValue:
    return make_response(_page(token, post, kind, form), 403)


def _page(
    token: str,
    post: Post,
    kind: str,
    form: CommentForm,
    *,
    problems: Mapping[str, str] | None = None,
) -> str:
    here = service()
    blog = here.blog()
    return here.theme.render(
        "own.html",
        blog,
        post.language,
        post=post,
        kind=kind,
        receipt=f"/-/receipts/{token}",
        length=blog.discussion.comment_length,
        **typed(form, problems, words_in(blog, post.language)),
    )
