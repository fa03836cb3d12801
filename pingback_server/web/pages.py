"""The pages that the service makes by itself: the form again, a receipt, a message."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from flask import Response, make_response, request
from werkzeug.exceptions import HTTPException

from .. import languages
from ..domain.discussion import Comment, Entry
from ..domain.errors import Forged, NoSuchComment, Unavailable
from ..domain.form import CommentForm
from ..domain.form_of_page import FormOfPage
from ..domain.markup import stored
from ..domain.posts import Manifest, Post
from ..domain.tokens import post_of_form
from ..languages import Words, later
from .remembering import asked_for, remembered
from .service import service

# After these the form can be sent again; after the others the text can only be copied.
_TRY_AGAIN = {"reply", "invalid", "too-large", "too-many", "unavailable"}
_PROBLEMS = {
    ("author", "missing"): later("Please give a name; it need not be your real one."),
    ("author", "too-long"): later("Please give a name of at most 100 characters."),
    ("email", "missing"): later("Please give an e-mail address; it will not be published."),
    ("email", "malformed"): later("This is not an e-mail address. Correct it or leave it empty."),
    ("email", "too-long"): later("This is not an e-mail address. Correct it or leave it empty."),
    ("url", "malformed"): later(
        "This is not the address of a website. Correct it or leave it empty."
    ),
    ("url", "too-long"): later("This address is too long. Shorten it or leave it empty."),
    ("comment", "missing"): later("Please write something."),
    ("comment", "too-long"): later("This text is too long. Shorten it."),
    ("parent", "missing"): later("The comment that you answer is no longer there."),
    ("parent", "malformed"): later("The comment that you answer is no longer there."),
}
_CANNOT_BE_TAKEN = later("This cannot be taken as it is.")
MESSAGES = {
    404: (later("Nothing here"), later("There is nothing at this address, or not any more.")),
    405: (
        later("Not like this"),
        later("This address does not take what was sent to it. Nothing was stored."),
    ),
    413: (
        later("This is far too long"),
        later("Nothing was stored. Go back in your browser: your text is still in the form."),
    ),
}
OTHERWISE = (
    later("Something went wrong"),
    later("Nothing was stored. Go back in your browser and try again in a moment."),
)


def show_form(
    kind: str,
    form: CommentForm,
    *,
    parent: Entry | None = None,
    problems: Mapping[str, str] | None = None,
    is_remembered: bool | None = None,
) -> str:
    """The comment form alone on a page; `kind` says why it is shown, `problems` what is wrong.

    The post is the one that the form's token names, if it is still published. `is_remembered` says
    whether the browser is, unless its cookie tells.
    """
    here = service()
    blog = here.blog()
    post = _post_of(form)
    t = words_in(blog, post.language if post else blog.blog.language)
    if parent is None and kind in _TRY_AGAIN:
        parent = parent_of(form, post)
    if is_remembered is None:
        is_remembered = remembered() is not None
    return here.theme.render(
        "form.html",
        blog,
        t.lang,
        kind=kind,
        post=post,
        parent=public(parent) if parent else None,
        form=form_of_page(form, blog, is_remembered) if kind in _TRY_AGAIN else None,
        **typed(form, problems, t),
    )


def show_message_form(
    kind: str, form: CommentForm, *, problems: Mapping[str, str] | None = None
) -> str:
    """The form for a message to the author, alone on a page, as `show_form` shows a comment's."""
    here = service()
    blog = here.blog()
    page = _post_of(form)
    t = words_in(blog, page.language if page else blog.blog.language)
    return here.theme.render(
        "contact.html",
        blog,
        t.lang,
        kind=kind,
        page=page,
        form=FormOfPage("/-/messages", form.token, blog) if kind in _TRY_AGAIN else None,
        **typed(form, problems, t),
    )


def typed(form: CommentForm, problems: Mapping[str, str] | None, t: Words) -> dict[str, object]:
    """What was typed, and what is wrong with it in words, by field."""
    return {
        "values": {
            "author": form.author,
            "email": form.email,
            "url": form.url,
            "comment": form.comment,
            "remember": asked_for(),
        },
        "problems": {
            field: t(_PROBLEMS.get((field, problem), _CANNOT_BE_TAKEN))
            for field, problem in (problems or {}).items()
        },
    }


def words_of_problem(field: str, problem: str, t: Words) -> str:
    """What is wrong with a field of a form, in words."""
    return t(_PROBLEMS.get((field, problem), _CANNOT_BE_TAKEN))


def form_of_page(
    form: CommentForm, blog: Manifest, is_remembered: bool, confirm: str = ""
) -> FormOfPage:
    """The form for a comment, once more."""
    forget = "/-/forget" if is_remembered else ""
    return FormOfPage("/-/comments", form.token, blog, confirm=confirm, forget=forget)


def nothing_here() -> Response:
    """404, in the blog's look."""
    return show_message(404, *MESSAGES[404])


def show_message(status: int, title: str, text: str, *, about: Post | None = None) -> Response:
    """A page that says one thing, in the language of the blog; what was typed can be copied.

    One `about` a post is in the language of that, and leads back to it.
    """
    here = service()
    blog = here.blog()
    t = words_in(blog, about.language if about else blog.blog.language)
    said = t(text) if text else ""
    more = {"back": about.path} if about else {}
    page = here.theme.render(
        "message.html", blog, t.lang, title=t(title), text=said, values=sent(), **more
    )
    return make_response(page, status)


def sent() -> dict[str, str]:
    """What a reader wrote into the form that came, by field; nothing of one without any text."""
    try:
        form = request.form
    except HTTPException:  # too large to be read
        return {}
    if not form.get("comment"):
        return {}
    return {name: form.get(name, "") for name in ("author", "email", "url", "comment")}


def words_in(blog: Manifest, language: str) -> Words:
    """What the blog says in a language."""
    return languages.words(language, ZoneInfo(blog.blog.timezone))


def _post_of(form: CommentForm) -> Post | None:
    here = service()
    try:
        return here.blog().posts.get(post_of_form(here.secrets, form.token))
    except Forged:
        return None


def parent_of(form: CommentForm, post: Post | None) -> Entry | None:
    """The public comment that the form answers, to be quoted again."""
    if post is None or not form.parent.isascii() or not form.parent.isdigit():
        return None
    try:
        entry = service().store.entry(int(form.parent[:18]))
    except (NoSuchComment, Unavailable):
        return None
    return entry if entry.post == post.id and entry.status == "approved" else None


def public(entry: Entry) -> Comment:
    return Comment(
        id=entry.id,
        parent=entry.parent,
        author=entry.author,
        url=entry.url,
        html=stored(entry.html),
        at=entry.at,
        is_by_author=entry.is_by_author,
    )
