"""Whom the author blocks and trusts: both lists, with what adds to them and takes away."""

from __future__ import annotations

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from ...deeds import block as blocking
from ...deeds import trust as trusting
from ...domain.errors import BadRuling
from ...domain.people import Deed
from ...domain.rulings import RulingKind, kind_of
from ...languages import later
from ..service import service
from .access import needs, person
from .frame import render, words
from .log import RULED
from .place import home
from .signatures import signatures

_LONGEST = 300
_REMOVE = {"unblock": blocking.unblock, "untrust": trusting.untrust}
_BAD = later(
    "Block a domain, an address, a network, or a pattern with *; trust a domain alone: anybody "
    "can write the others."
)


@needs(Deed.RULE)
def lists() -> ResponseReturnValue:
    """GET /-/desk/lists: who is blocked, who is trusted, and the form that adds."""
    return _page()


@needs(Deed.RULE)
def rule() -> ResponseReturnValue:
    """POST /-/desk/lists: block or trust what was typed, or take a line away; 303 back."""
    here, sent, by = service(), request.form, person().name
    do, _, struck = sent.get("do", "").partition(":")
    value, note = sent.get("subject", "").strip(), sent.get("note", "").strip()[:_LONGEST]
    now = here.now()
    try:
        if do in _REMOVE:
            kind, _, subject = struck.partition(":")
            if kind in set(RulingKind):
                _REMOVE[do](RulingKind(kind), subject, store=here.store, now=now, by=by)
        elif do == "trust":
            trusting.trust(kind_of(value), value, store=here.store, now=now, by=by, note=note)
        elif do in ("block", "sweep"):
            _block(value, note, sweep=do == "sweep")
    except BadRuling:
        typed = {"subject": value[:_LONGEST], "note": note}
        return make_response(_page(words()(_BAD), typed), 400)
    return redirect(f"{home()}/lists", 303)


def _block(value: str, note: str, *, sweep: bool) -> None:
    here, by = service(), person().name
    kind, now = kind_of(value), here.now()
    blocking.block(kind, value, store=here.store, now=now, by=by, note=note, sweep=sweep)


def _page(problem: str = "", typed: dict[str, str] | None = None) -> str:
    t = words()
    rulings = service().store.rulings.listed()
    return render(
        "lists.html",
        blocked=[one for one in rulings if not one.is_trust],
        trusted=[one for one in rulings if one.is_trust],
        kinds={kind: t(name) for kind, name in RULED.items()},
        signatures=signatures(t),
        problem=problem,
        typed=typed or {"subject": "", "note": ""},
    )
