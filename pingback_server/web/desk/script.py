"""The script that makes the desk quick; every page of it works as well without."""

from __future__ import annotations

from pathlib import Path

from flask import Response
from flask.typing import ResponseReturnValue

from ...domain.people import Deed
from .access import needs

_SCRIPT = Path(__file__).with_name("desk.js")


@needs(Deed.MODERATE)
def script() -> ResponseReturnValue:
    """GET /-/desk/desk.js: keys, and decisions without a page load."""
    return Response(_SCRIPT.read_bytes(), mimetype="text/javascript")
