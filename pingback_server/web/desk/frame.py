"""What every page of the desk has around it: its language, its form token, its way out."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Response, g, make_response

from ... import languages
from ...languages import Words, later
from ..service import service
from .kept import kept

RETRY_AFTER_SECONDS = "30"
"""When to try again what the store did not take."""

_NOTICES = {
    "link-spent": (
        later("This link is good no longer"),
        later("It was used, or replaced by another, or is too old. Ask for a new one."),
    ),
    "not-allowed": (
        later("This is not for you"),
        later("Your role at this blog does not do this."),
    ),
    "not-from-here": (
        later("This form is not ours, or too old"),
        later("Nothing was done. Go back, load the page again, and repeat what you did."),
    ),
    "not-here": (
        later("This file cannot be written here"),
        later("It is too long, or not written in UTF-8. Use an editor."),
    ),
    "gone": (later("This is no longer there"), later("Somebody has deleted it meanwhile.")),
    "no-longer": (
        later("This cannot be done any more"),
        later("It stands elsewhere by now. Nothing was done."),
    ),
    "changed": (
        later("This has changed since you saw it"),
        later("Nothing was done. Go back, load the page again, and look at it again."),
    ),
    "search": (
        later("This search means nothing"),
        later("Nothing was done. Below the search box of the queue stand the words that it knows."),
    ),
    "ruling": (
        later("This cannot be blocked or trusted"),
        later("It is no domain, address or network. Nothing was done."),
    ),
    "too-long": (later("This is far too long"), later("Nothing was stored. Shorten it.")),
    "unavailable": (
        later("The database takes nothing now"),
        later("Nothing was done. Try again in a moment."),
    ),
    "signed-in": (
        later("You are signed in"),
        later("What you had sent before was not stored."),
    ),
    "empty": (later("Nothing was chosen"), later("Choose entries first. Nothing was done.")),
}


def render(template: str, **values: object) -> str:
    """A page of the desk, in the language of the blog."""
    here = service()
    blog = here.blog()
    t = words()
    return here.theme.render_desk(
        template,
        blog,
        t.lang,
        person=g.get("person"),
        form_token=g.get("form_token", ""),
        **values,
    )


def show_notice(status: int, kind: str, on: str = "") -> Response:
    """A page that says why something was not done, with all that was typed; `on` leads further."""
    t = words()
    title, text = _NOTICES[kind]
    page = render("notice.html", title=t(title), text=t(text), kept=kept(t), on=on)
    answer = make_response(page, status)
    if status == 503:
        answer.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return answer


def words() -> Words:
    """The words of the desk."""
    blog = service().blog().blog
    return languages.words(blog.language, ZoneInfo(blog.timezone))
