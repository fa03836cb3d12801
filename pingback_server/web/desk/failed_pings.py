"""Pings of which the source could not be verified: why, and a button that has it read again."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from ...deeds import block as blocking
from ...domain.errors import BadRuling, NoSuchPing
from ...domain.people import Deed
from ...domain.pings import PingState, Problem
from ...domain.rulings import RulingKind
from ...languages import later
from ..service import service
from .access import needs, person
from .frame import render, show_notice, words
from .place import home, number_of
from .rows import KINDS

ROWS = 100
"""How many a page lists; they are kept for thirty days."""

_WHY = {
    Problem.NO_LINK: later("The page has no link to the post that a reader could follow."),
    Problem.GONE: later("The page is gone."),
    Problem.NOT_FOUND: later("There is no such page."),
    Problem.PRIVATE: later("The page is not public."),
    Problem.REFUSED: later("We never call this address."),
    Problem.UNREACHABLE: later("The page could not be reached."),
    Problem.UNREADABLE: later("The page could not be read."),
    Problem.IS_TARGET: later("The page leads on to this blog itself."),
    Problem.BLOCKED: later("Its host has been blocked since."),
    Problem.RULED_OUT: later("What it says, or where it leads, is on your lists."),
}


@needs(Deed.RULE)
def pings() -> ResponseReturnValue:
    """GET /-/desk/pings: what failed in the last thirty days, the newest first."""
    here, t = service(), words()
    page = max(1, number_of(request.args.get("page", "")))
    failed = here.store.pings.listed([PingState.FAILED], ROWS + 1, later=ROWS * (page - 1))[::-1]
    return render(
        "pings.html",
        pings=[
            (one, t(KINDS[one.kind]), _why(one.problem, one.problem_words)) for one in failed[:ROWS]
        ],
        posts=here.blog().posts,
        page=page,
        is_last=len(failed) <= ROWS,
    )


@needs(Deed.RULE)
def about_ping() -> ResponseReturnValue:
    """POST /-/desk/pings: read the source again, or block its host; 303 back."""
    here = service()
    do, _, number = request.form.get("do", "").partition(":")
    try:
        ping = here.store.pings.by_number(number_of(number))
        if do == "check":
            here.store.pings.ask_now(ping.id, here.now())
        elif do == "block":
            blocking.block(
                RulingKind.DOMAIN, ping.host, store=here.store, now=here.now(), by=person().name
            )
    except NoSuchPing:
        return show_notice(404, "gone")
    except BadRuling:
        return show_notice(400, "ruling")
    return redirect(f"{home()}/pings", 303)


def _why(problem: str, told: str) -> str:
    known = problem in set(Problem)
    return words()(_WHY[Problem(problem)]) if known else told
