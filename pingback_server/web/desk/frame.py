"""What every page of the desk has around it: its language, its form token, its way out."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Response, g, make_response

from ... import languages
from ...languages import Words, later
from ..service import service

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
        later("Look at the words that it knows, below the search box."),
    ),
    "ruling": (
        later("This cannot be blocked or trusted"),
        later("It is no domain, address or network. Nothing was done."),
    ),
    "too-long": (later("This is far too long"), later("Nothing was stored. Shorten it.")),
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


def show_notice(status: int, kind: str) -> Response:
    """A page that says why something was not done."""
    t = words()
    title, text = _NOTICES[kind]
    return make_response(render("notice.html", title=t(title), text=t(text)), status)


def words() -> Words:
    """The words of the desk."""
    blog = service().blog().blog
    return languages.words(blog.language, ZoneInfo(blog.timezone))
