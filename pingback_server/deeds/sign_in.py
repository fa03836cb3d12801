"""Somebody signs in: name and password, guessed at no faster than passwords withstand."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from ..credentials import Passwords, new_token
from ..domain.discussion import Whence
from ..domain.errors import BadName, WrongPassword
from ..domain.people import SESSION_FOR, read_name
from ..domain.throttle import keys_of
from ..domain.tokens import digest_of
from ..store import Store


def sign_in(
    name: str, password: str, *, store: Store, passwords: Passwords, whence: Whence, now: datetime
) -> str:
    """Begin a session, and return the token by which the browser is known from now on.

    Raises Busy, TooOften, or WrongPassword, which tells nothing of who is known here: the work is
    the same, one comparison, for a name that nobody has.
    """
    keys = keys_of(name, whence.network)
    with passwords.turn():
        store.people.guess(keys, now)
        user, kept = _found(name, store)
        if not passwords.is_right(kept, password):
            raise WrongPassword
        store.people.forgive(keys, now)
        if passwords.is_outdated(kept):
            store.people.rehash(user, passwords.hashed(password))
    token = new_token()
    store.people.begin_session(
        user,
        digest_of(token),
        now=now,
        expires_at=now + SESSION_FOR,
        network=whence.network,
        browser=whence.browser,
    )
    return token


def _found(name: str, store: Store) -> tuple[int, str]:
    with suppress(BadName):
        return store.people.password_of(read_name(name))
    return 0, ""
