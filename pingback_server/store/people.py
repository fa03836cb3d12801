"""The store's face for who sits at the desk: each method is one transaction, as in `store`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..domain.people import Change, Person, Role, Session, User
from . import entrance, users
from .actions import Decider, record
from .engine import Database
from .writing import WritingQueue

SEEN_EVERY = timedelta(minutes=5)
"""How exactly a session knows when it was last used: to read a page writes nothing most times."""


class People:
    """Users and their sessions. A session is known by the digest of its token, never by that."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
        self._queue = queue

    # ---- who there is

    def add(self, name: str, role: Role, *, display_name: str = "", now: datetime) -> int:
        """A new user, who may be given a link; the number. BadName if there is one of that name."""
        return self._queue.run(
            lambda c: users.add(c, name, role, display_name=display_name, now=now)
        )

    def listed(self) -> list[User]:
        """Everybody, in the order in which they came."""
        with self._database.reading() as connection:
            return users.listed(connection)

    def named(self, name: str) -> User:
        """Who signs in by this name. NoSuchUser."""
        with self._database.reading() as connection:
            return users.named(connection, name)

    def change(
        self, name: str, change: Change, *, role: Role | None = None, now: datetime, by: str
    ) -> User:
        """Appoint, disable or enable somebody, with its line in the log; as he is then.

        NoSuchUser; LastOwner if nobody would be left who can sign in and manage the blog.
        """
        decider = Decider(by, now)
        return self._queue.run(lambda c: _change(c, name, change, role=role, decider=decider))

    # ---- links that are good once

    def give_link(self, name: str, digest: str, *, now: datetime, by: str) -> User:
        """Have the link of this digest let somebody in, and no earlier one. NoSuchUser."""
        return self._queue.run(lambda c: _give_link(c, name, digest, Decider(by, now)))

    def holder_of(self, digest: str, now: datetime) -> User:
        """For whom the link of this digest is. LinkSpent."""
        with self._database.reading() as connection:
            return entrance.holder_of(connection, digest, now)

    def welcome(self, digest: str, kept: str, *, names: tuple[str, str], now: datetime) -> int:
        """Use a link up: its user has this password from now on, and no session; the number.

        Who had no password yet takes these names, to sign in by and to show. LinkSpent; BadName
        if the first is taken.
        """
        return self._queue.run(lambda c: _welcome(c, digest, kept, names=names, now=now))

    # ---- passwords

    def guess(self, keys: Sequence[str], now: datetime) -> None:
        """Count a guess before it is looked at. TooOften."""
        self._queue.run(lambda c: entrance.guess(c, keys, now))

    def forgive(self, keys: Sequence[str], now: datetime) -> None:
        """The guess of `now` was right: neither it nor those at the name count."""
        self._queue.run(lambda c: entrance.forgive(c, keys, now))

    def password_of(self, name: str) -> tuple[int, str]:
        """Who may sign in by this name, and what is kept of the password; 0 and "" if nobody."""
        with self._database.reading() as connection:
            return users.password_of(connection, name)

    def rehash(self, user: int, kept: str) -> None:
        """Keep the same password anew."""
        self._queue.run(lambda c: users.set_password(c, user, kept))

    def set_password(self, person: Person, kept: str, now: datetime) -> None:
        """Keep another password; every other session of this person is over."""
        self._queue.run(lambda c: _set_password(c, person, kept, now))

    # ---- sessions

    def session_of(self, digest: str, now: datetime) -> Person | None:
        """Who has the session of this digest; None if it is over, or its user may not sign in."""
        with self._database.reading() as connection:
            found = entrance.person_of(connection, digest, now)
        if found is None:
            return None
        person, seen_at = found
        if now - seen_at >= SEEN_EVERY:
            self._queue.run(lambda c: entrance.see(c, digest, now))
        return person

    def begin_session(
        self,
        user: int,
        digest: str,
        *,
        now: datetime,
        expires_at: datetime,
        network: str = "",
        browser: str = "",
    ) -> int:
        """Let the user in with a token of this digest until `expires_at`; the session's number."""
        whence = {"network": network, "browser": browser}
        values = {"user": user, "digest": digest, "expires_at": expires_at, **whence}
        return self._queue.run(lambda c: entrance.begin(c, values, now))

    def sessions_of(self, user: int, now: datetime) -> list[Session]:
        """Where somebody is signed in, the newest first."""
        with self._database.reading() as connection:
            return entrance.sessions_of(connection, user, now)

    def end_session(self, session: int, user: int | None = None) -> bool:
        """Have a session be over, if it is this user's; whether there was such a one."""
        return self._queue.run(lambda c: entrance.end(c, user, only=session) == 1)

    def end_sessions(self, user: int, *, but: int = 0) -> int:
        """Have all sessions of this user be over `but` one; how many there were."""
        return self._queue.run(lambda c: entrance.end(c, user, but=but))


def _change(
    connection: Connection, name: str, change: Change, *, role: Role | None, decider: Decider
) -> User:
    user = users.named(connection, name)
    if change is Change.APPOINT and role is not None:
        users.appoint(connection, user, role)
    elif change is Change.DISABLE:
        users.disable(connection, user)
    elif change is Change.ENABLE:
        users.enable(connection, user)
    details = {"role": role.value} if role else {}
    record(connection, decider, change, name, details)
    return users.named(connection, name)


def _give_link(connection: Connection, name: str, digest: str, decider: Decider) -> User:
    user = users.named(connection, name)
    entrance.give_link(connection, user, digest, decider.at)
    record(connection, decider, Change.INVITE, name)
    return user


def _welcome(
    connection: Connection, digest: str, kept: str, *, names: tuple[str, str], now: datetime
) -> int:
    user = entrance.spend(connection, digest, now)
    name = user.name
    if not user.has_password:
        name, display_name = names
        users.rename(connection, user, name, display_name)
    users.set_password(connection, user.id, kept)
    entrance.end(connection, user.id)
    record(connection, Decider(name, now), Change.PASSWORD, name)
    return user.id


def _set_password(connection: Connection, person: Person, kept: str, now: datetime) -> None:
    users.set_password(connection, person.id, kept)
    entrance.end(connection, person.id, but=person.session)
    record(connection, Decider(person.name, now), Change.PASSWORD, person.name)
