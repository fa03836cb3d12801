"""How one gets to the desk and away from it: name and password, or a link that is good once."""

from __future__ import annotations

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from ...deeds import sign_in as signing_in
from ...deeds import welcome as welcoming
from ...domain.errors import BadName, BadPassword, Busy, LinkSpent, TooOften, WrongPassword
from ...domain.passwords import LONGEST
from ...domain.people import SESSION_FOR, Deed
from ...domain.tokens import digest_of
from ...languages import later
from ..service import service
from .access import (
    cookie_name,
    for_strangers,
    is_secure,
    let_in,
    needs,
    person,
    take_long_texts,
)
from .browsers import whence_of_browser
from .frame import render, show_notice, words
from .kept import kept
from .place import home

PROBLEMS = {
    "short": later("A password has at least 12 characters: four words will do."),
    "long": later("A password has at most 256 characters."),
    "plain": later("This password repeats itself: take more different characters."),
    "name": later("This password is hardly more than a name: take other words."),
    "repeat": later("The two passwords differ."),
    "user": later(
        "This name is taken or reserved, or cannot be signed in by: letters, figures and . @ - _"
    ),
    "wrong": later("Name and password do not belong together."),
    "busy": later("Too many people sign in at this moment. Try again."),
}


@for_strangers
def sign_in_page() -> ResponseReturnValue:
    """GET /-/desk/sign-in: the form for name and password."""
    return render("sign_in.html", is_over=False, problem="", name="", then="", kept=[])


@for_strangers
def sign_in() -> ResponseReturnValue:
    """POST /-/desk/sign-in: a session, and 303 to where one wanted to be; or the form again.

    Whose session ended while they wrote is shown once more what they typed.
    """
    take_long_texts()
    here, sent = service(), request.form
    name = sent.get("name", "")
    try:
        token = signing_in.sign_in(
            name,
            sent.get("password", ""),
            store=here.store,
            passwords=here.passwords,
            whence=whence_of_browser(),
            now=here.now(),
        )
    except WrongPassword:
        return _again(401, name, words()(PROBLEMS["wrong"]))
    except Busy:
        return _again(503, name, words()(PROBLEMS["busy"]), wait=1)
    except TooOften as refusal:
        return _again(429, name, too_often(refusal), wait=refusal.seconds)
    on = _then(sent.get("then", ""))
    if kept(words()):
        return _come_in(token, show_notice(200, "signed-in", on))
    return _come_in(token, redirect(on, 303))


@for_strangers
def welcome_page(token: str) -> ResponseReturnValue:
    """GET /-/desk/welcome/TOKEN: the form for who was invited; it changes nothing. 410 if spent."""
    return _welcome(token, {})


@for_strangers
def welcome(token: str) -> ResponseReturnValue:
    """POST /-/desk/welcome/TOKEN: a password, a session, and 303 to the desk; the link is spent."""
    here, sent = service(), request.form
    password = sent.get("password", "")
    if password != sent.get("repeated", ""):
        return _welcome(token, {"repeated": "repeat"})
    try:
        session = welcoming.welcome(
            token,
            password,
            names=(sent.get("name", ""), sent.get("display_name", "")),
            store=here.store,
            passwords=here.passwords,
            whence=whence_of_browser(),
            now=here.now(),
        )
    except LinkSpent:
        return show_notice(410, "link-spent")
    except BadName:
        return _welcome(token, {"name": "user"})
    except BadPassword as refusal:
        return _welcome(token, {"password": refusal.problem})
    except Busy:
        return wait_for(1, _welcome(token, {"password": "busy"}, 503))
    return _come_in(session, redirect(home(), 303))


@needs(Deed.SIT)
def sign_out() -> ResponseReturnValue:
    """POST /-/desk/sign-out: the session is over, and 303 to the form for signing in."""
    service().store.people.end_session(person().session)
    answer = redirect(f"{home()}/sign-in", 303)
    # A browser lets a cookie go as strictly as it took it.
    answer.delete_cookie(cookie_name(), path="/", secure=is_secure(), httponly=True, samesite="Lax")
    return answer


def too_often(refusal: TooOften) -> str:
    """How long to wait, in words."""
    return words().n(
        "Too many attempts. Try again in %(n)s second.",
        "Too many attempts. Try again in %(n)s seconds.",
        refusal.seconds,
    )


def wait_for(seconds: int, answer: Response) -> Response:
    """The answer, with when to try again."""
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _come_in(token: str, page: ResponseReturnValue) -> ResponseReturnValue:
    """Give the browser a session of its own with `page`, whichever it had: that one is over."""
    here = service()
    before = here.store.people.session_of(
        digest_of(request.cookies.get(cookie_name(), "")), here.now()
    )
    if before is not None:
        here.store.people.end_session(before.session)
    return let_in(make_response(page), token, int(SESSION_FOR.total_seconds()))


def _again(status: int, name: str, problem: str, wait: int = 0) -> Response:
    then = _then(request.form.get("then", ""))
    page = render(
        "sign_in.html",
        is_over=False,
        problem=problem,
        name=name[:100],
        then=then,
        kept=kept(words()),
    )
    answer = make_response(page, status)
    return wait_for(wait, answer) if wait else answer


def _welcome(token: str, problems: dict[str, str], status: int = 400) -> Response:
    here, t = service(), words()
    try:
        holder = here.store.people.holder_of(digest_of(token), here.now())
    except LinkSpent:
        return show_notice(410, "link-spent")
    page = render(
        "welcome.html",
        holder=holder,
        token=token,
        longest=LONGEST,
        typed={
            "name": request.form.get("name", holder.name)[:100],
            "display_name": request.form.get("display_name", holder.display_name)[:200],
        },
        problems={field: t(PROBLEMS[problem]) for field, problem in problems.items()},
    )
    return make_response(page, status if problems else 200)


def _then(path: str) -> str:
    """A place at the desk to go on to, and nowhere else."""
    is_here = path == home() or path.startswith((f"{home()}/", f"{home()}?"))
    return path if is_here and "\\" not in path and path.isprintable() else home()
