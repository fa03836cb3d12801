"""What each rule has done: so that one can be switched off on evidence."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from ...domain.people import Deed
from ..service import service
from .access import needs
from .frame import render, words
from .reasons import name_of


@needs(Deed.READ_LOG)
def numbers() -> ResponseReturnValue:
    """GET /-/desk/numbers: of each rule what it caught, what was restored, what it missed."""
    t = words()
    tallies = [(name_of(one.rule, t), one) for one in service().store.tallies.listed()]
    return render("numbers.html", tallies=sorted(tallies, key=lambda named: named[0].casefold()))
