"""Asks Gravatar for the pictures of who comments, if the author wants it, and keeps what comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ..domain.avatars import SIDE, address_of_picture
from ..domain.errors import NotFetched, PageUnreadable
from ..fetch import Page
from ..protocols.small_picture import small_picture
from ..store import Due, Store

ACCEPT = "image/webp, image/png, image/jpeg;q=0.9"
AT_ONCE = 20
"""How many are asked for in one go; the rest follows."""

Get = Callable[[str], Page]


def fetch_avatars(
    store: Store, get: Get, now: Callable[[], datetime], *, is_over: Callable[[], bool] = bool
) -> int:
    """Ask for the pictures that are due, one after the other; how many answers came. Unavailable.

    Ends early when `is_over` says so.
    """
    answers = 0
    for due in store.avatars.due(now(), most=AT_ONCE):
        if is_over():
            break
        answers += _ask(due, store, get, now)
    return answers


def _ask(due: Due, store: Store, get: Get, now: Callable[[], datetime]) -> bool:
    try:
        page = get(address_of_picture(due.digest))
        is_answer = page.status in (200, 404)
        picture = small_picture(page.body, SIDE) if page.status == 200 else None
    except (NotFetched, PageUnreadable):
        is_answer, picture = False, None
    if is_answer:
        store.avatars.answered(due.digest, picture, now())
    else:
        store.avatars.failed(due, now())
    return is_answer
