"""One's own account: the browsers in which one is signed in, and the password."""

from __future__ import annotations

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from ...deeds import change_password as changing
from ...domain.errors import BadPassword, Busy, TooOften, WrongPassword
from ...domain.passwords import LONGEST
from ...domain.people import Deed
from ...languages import later
from ..service import service
from ..whence import whence
from .access import needs, person
from .frame import render, words
from .place import home, number_of
from .signing_in import PROBLEMS, too_often, wait_for

_WRONG = later("This is not your password.")


@needs(Deed.SIT)
def account() -> ResponseReturnValue:
    """GET /-/desk/account: the sessions, each with a button that ends it, and the password."""
    return _page({}, is_changed="changed" in request.args)


@needs(Deed.SIT)
def end_sessions() -> ResponseReturnValue:
    """POST /-/desk/sessions: end one of one's own, or all others; 303 back."""
    people, who = service().store.people, person()
    which = request.form.get("end", "")
    if which == "others":
        people.end_sessions(who.id, but=who.session)
    elif number := number_of(which):
        people.end_session(number, who.id)
    return redirect(f"{home()}/account", 303)


@needs(Deed.SIT)
def change_password() -> ResponseReturnValue:
    """POST /-/desk/password: another password, which ends all other sessions; 303, or the form."""
    here, sent, t = service(), request.form, words()
    new = sent.get("password", "")
    if new != sent.get("repeated", ""):
        return make_response(_page({"repeated": t(PROBLEMS["repeat"])}), 400)
    try:
        changing.change_password(
            person(),
            sent.get("old", ""),
            new,
            store=here.store,
            passwords=here.passwords,
            network=whence().network,
            now=here.now(),
        )
    except BadPassword as refusal:
        return make_response(_page({"password": t(PROBLEMS[refusal.problem])}), 400)
    except WrongPassword:
        return make_response(_page({"old": t(_WRONG)}), 400)
    except TooOften as refusal:
        return wait_for(refusal.seconds, make_response(_page({"old": too_often(refusal)}), 429))
    except Busy:
        return wait_for(1, make_response(_page({"old": t(PROBLEMS["busy"])}), 503))
    return redirect(f"{home()}/account?changed", 303)


def _page(problems: dict[str, str], *, is_changed: bool = False) -> str:
    here = service()
    return render(
        "account.html",
        sessions=here.store.people.sessions_of(person().id, here.now()),
        problems=problems,
        longest=LONGEST,
        is_changed=is_changed,
    )
