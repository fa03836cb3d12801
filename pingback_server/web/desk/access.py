"""Who may come in: the session behind the cookie, what its person may do, and whose form it is.

Every view of the desk is wrapped by `needs` or by `for_strangers`; tests/test_desk_access.py fails
for one that is not. A form that changes something carries a token of its session, and is sent from
a page of this very site.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from flask import Response, current_app, g, make_response, request
from flask.typing import ResponseReturnValue

from ...contents import LONGEST
from ...domain.actions import SIGNATURES, UNDOABLE, Reach
from ...domain.errors import Unavailable
from ...domain.people import Deed, Person, deed_of, has_all_posts
from ...domain.tokens import desk_token, digest_of, is_desk_token
from ..service import service
from .frame import render, show_notice, words
from .kept import kept

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

_READS = {"GET", "HEAD", "OPTIONS"}
# The longest post in the longest of letters, which take four bytes, and the fields beside it.
_LARGEST_POST = 4 * LONGEST + 100_000


def needs(deed: Deed) -> Callable[[View], View]:
    """Let in who is signed in and may do `deed`; if it changes something, by a form of ours."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*arguments: Any, **named: Any) -> ResponseReturnValue:
            if deed is Deed.WRITE:
                take_long_texts()
            try:
                stopped = _stopped(deed)
                return view(*arguments, **named) if stopped is None else stopped
            except Unavailable:
                if request.method in _READS:
                    raise
                return show_notice(503, "unavailable")

        guarded.needs = deed  # type: ignore[attr-defined]  # for the test of all routes
        return guarded  # type: ignore[return-value]

    return decorate


def _stopped(deed: Deed) -> ResponseReturnValue | None:
    """The answer for who may not go on; None for who may, and is `person()` from then on."""
    token = request.cookies.get(cookie_name(), "")
    who = session_behind(token)
    if who is None:
        return _stranger()
    g.person = who
    g.session = digest_of(token)
    g.form_token = desk_token(service().secrets, g.session)
    if not who.may(deed):
        return show_notice(403, "not-allowed")
    if request.method not in _READS and not (is_from_here() and _has_token()):
        return show_notice(403, "not-from-here")
    return None


def take_long_texts() -> None:
    """Read a form as long as that of a post, which is not read elsewhere."""
    request.max_content_length = request.max_form_memory_size = _LARGEST_POST


def for_strangers(view: View) -> View:
    """Let in who is not signed in: to sign in. What changes something is sent from our pages."""

    @wraps(view)
    def guarded(*arguments: Any, **named: Any) -> ResponseReturnValue:
        if request.method not in _READS and not is_from_here():
            return show_notice(403, "not-from-here")
        return view(*arguments, **named)

    guarded.needs = None  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def person() -> Person:
    """Who is at the desk now."""
    who: Person = g.person
    return who


def seen_by(who: Person) -> frozenset[str] | None:
    """The posts whose entries this person sees and decides on; None for everything."""
    if has_all_posts(who.role):
        return None
    names = {who.name, who.display_name} - {""}
    return frozenset(post.id for post in service().blog().posts.values() if post.author in names)


def reach_of(who: Person) -> Reach:
    """What this person may undo: what the role may do, and an author own actions alone."""
    verbs = frozenset(verb for verb in UNDOABLE if who.may(deed_of(verb)))
    by = None if has_all_posts(who.role) else own_signature(who)
    return Reach(verbs, seen_by(who), by)


def own_signature(who: Person) -> str:
    """By what own actions are known: nothing for whose name signs what was done without the desk.

    There may be users of such names from before they were refused.
    """
    return "" if who.name in SIGNATURES else who.name


def session_behind(token: str) -> Person | None:
    """Who has the session whose token a browser sent."""
    here = service()
    return here.store.people.session_of(digest_of(token), here.now()) if token else None


def cookie_name() -> str:
    """The name of the cookie of a session; by TLS one that no other host can have set."""
    return "__Host-desk" if is_secure() else "desk"


def let_in(response: Response, token: str, seconds: int) -> Response:
    """Give a browser the token of its session, to keep for so many seconds."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=seconds,
        path="/",
        secure=is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def is_secure() -> bool:
    """Whether the blog is read by TLS."""
    return service().blog().blog.url.startswith("https://")


def is_from_here() -> bool:
    """Whether the browser says that a page of this site sends this; old browsers say nothing."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    ours = {request.host, urlsplit(service().blog().blog.url).netloc}
    return origin is None or urlsplit(origin).netloc in ours


def _has_token() -> bool:
    return is_desk_token(request.form.get("form_token", ""), service().secrets, g.session)


def _stranger() -> ResponseReturnValue:
    """The form for signing in, which leads on to the page that was asked for.

    What was typed there is in it; nothing of it is kept here, or sent for whoever signs in.
    """
    adapter = current_app.create_url_adapter(request)
    path = f"{request.script_root}{quote(request.path)}"
    if request.method == "GET":
        path += f"?{request.query_string.decode()}".rstrip("?")
    elif adapter is None or "GET" not in adapter.allowed_methods(request.path):
        path = ""
    typed = kept(words()) if is_from_here() else []
    page = render("sign_in.html", is_over=True, problem="", name="", then=path, kept=typed)
    return make_response(page, 401)
