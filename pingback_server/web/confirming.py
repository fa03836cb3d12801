"""The preview: a comment as it will look, with a form that is good for once, to send it again."""

from __future__ import annotations

import secrets as randomness
from dataclasses import dataclass
from datetime import datetime

from flask.typing import ResponseReturnValue
from markupsafe import Markup

from ..deeds.receive import Shown
from ..domain.form import CommentForm
from ..domain.markup import stored
from ..domain.tokens import preview_token
from .pages import form_of_page, parent_of, public, typed, words_in
from .remembering import remembered
from .service import service

_NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer sees of a comment that nobody has yet."""

    author: str
    html: Markup
    at: datetime


def show_preview(form: CommentForm, shown: Shown) -> ResponseReturnValue:
    """200: the comment as it will look, and the form to send it; nothing is stored."""
    here = service()
    blog, now, post = here.blog(), here.now(), shown.post
    token = preview_token(here.secrets, post.id, randomness.token_urlsafe(_NONCE_BYTES), now)
    parent = parent_of(form, post)
    return here.theme.render(
        "preview.html",
        blog,
        post.language,
        post=post,
        parent=public(parent) if parent else None,
        comment=Draft(shown.author, stored(shown.html), now),
        form=form_of_page(form, blog, remembered() is not None, token),
        **typed(form, {}, words_in(blog, post.language)),
    )
