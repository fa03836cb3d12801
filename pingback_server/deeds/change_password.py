"""Somebody who is signed in changes the password, which ends every other session."""

from __future__ import annotations

from datetime import datetime

from ..credentials import Passwords
from ..domain.errors import WrongPassword
from ..domain.passwords import check_password
from ..domain.people import Person
from ..domain.throttle import keys_of
from ..store import Store


def change_password(
    person: Person,
    old: str,
    new: str,
    *,
    store: Store,
    passwords: Passwords,
    network: str,
    now: datetime,
) -> None:
    """Keep `new` in the place of `old`. BadPassword, WrongPassword, TooOften, Busy.

    Whoever sits at a desk that was left open guesses no faster than from outside.
    """
    check_password(new, person.name, person.display_name)
    keys = keys_of(person.name, network)
    with passwords.turn():
        store.people.guess(keys, now)
        _, kept = store.people.password_of(person.name)
        if not passwords.is_right(kept, old):
            raise WrongPassword
        store.people.forgive(keys, now)
        hashed = passwords.hashed(new)
    store.people.set_password(person, hashed, now)
