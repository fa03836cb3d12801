"""A post that is not public yet, for those to whom its author has given the address."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from ..domain.tokens import is_draft_token
from ..unpublished import folder_of, read_links
from .files import answer_with
from .pages import nothing_here
from .service import service
from .site import open_below


def draft(token: str, path: str = "") -> ResponseReturnValue:
    """GET /-/drafts/TOKEN/: the page, or 301 to the post once it is public; else 404.

    `path` names a picture beside it.
    """
    if not is_draft_token(token):
        return nothing_here()
    if not path and not request.path.endswith("/"):
        # Flask would lead to whatever host the request says.
        return redirect(f"{request.script_root}{request.path}/", 301)
    here = service()
    links = read_links(here.data)
    if token in links.published:
        return redirect(f"{request.script_root}{links.published[token]}", 301)
    name = path or "index.html"
    if any(token == one.token for one in links.waiting):
        file = open_below(folder_of(here.data, token), name)
        if file is not None:
            return answer_with(file, name, 200)
    return nothing_here()
