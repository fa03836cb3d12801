"""The one place where passwords are hashed, two at a time, and where tokens are drawn."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from .domain.errors import Busy
from .domain.passwords import LONGEST, normalised

AT_ONCE = 2
"""How many passwords a process looks at at once: each takes 64 MiB and some 0.1 s (RFC 9106 §4)."""

_WAITING = 2


def new_token() -> str:
    """256 bits that nobody can guess, in letters that an address may have."""
    return secrets.token_urlsafe(32)


class Passwords:
    """Hashes passwords and compares them, by argon2id. Safe to share between threads."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._room = BoundedSemaphore(AT_ONCE + _WAITING)
        self._turn = BoundedSemaphore(AT_ONCE)
        self._nobodys = _hash_of_nothing(self._hasher)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Be one of the few who are looked at. Busy, at once, if there are too many already.

        So a flood of people who sign in takes neither the memory nor the threads of readers.
        """
        if not self._room.acquire(blocking=False):
            raise Busy
        try:
            with self._turn:
                yield
        finally:
            self._room.release()

    def hashed(self, password: str) -> str:
        """What is kept of a password, within a `turn`."""
        return self._hasher.hash(normalised(password))

    def is_right(self, kept: str, password: str) -> bool:
        """Whether `password` is the one of which `kept` is kept, within a `turn`.

        The work is the same where nothing is kept: time does not tell who is known here.
        """
        try:
            self._hasher.verify(kept or self._nobodys, normalised(password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False
        return bool(kept)

    def is_outdated(self, kept: str) -> bool:
        """Whether a password was hashed with less work than is done now."""
        return self._hasher.check_needs_rehash(kept)


def _hash_of_nothing(hasher: PasswordHasher) -> str:
    """A hash of the same cost that no password has; it is drawn, not computed."""
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = (
        b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (hasher.salt_len, hasher.hash_len)
    )
    return f"$argon2id$v=19${cost}${salt}${digest}"
