"""What every door asks of what is sent, besides the rules: room for it, and something to see."""

from __future__ import annotations

from .errors import Invalid, TooMany
from .form import has_something_to_see
from .markup import safe_html, words_of
from .rules.case import Crowd
from .rules.times import WINDOW


def check_room(crowd: Crowd, most: int) -> None:
    """TooMany if more than `most` come from the same network; 0 is any number."""
    if 0 < most < crowd.network:
        raise TooMany("too many came from there at once", WINDOW)


def visible_html(text: str) -> str:
    """The text made safe; Invalid if nothing of it is left to see."""
    html = safe_html(text)
    if not has_something_to_see(words_of(html)):
        raise Invalid({"comment": "missing"})
    return html
