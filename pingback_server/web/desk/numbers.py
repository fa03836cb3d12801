"""What each rule has done: so that one can be switched off on evidence."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from ...domain.people import Deed
from ..service import service
from .access import needs
from .frame import render


@needs(Deed.READ_LOG)
def numbers() -> ResponseReturnValue:
    """GET /-/desk/numbers: of each rule what it caught, what was restored, what it missed."""
    return render("numbers.html", tallies=service().store.tallies.listed())
