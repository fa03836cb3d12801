"""Who is signed in: sessions by the digest of their token, each with its person."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from ..domain.people import Person, Role
from .engine import Database
from .schema import sessions, users
from .writing import WritingQueue

SEEN_EVERY = timedelta(minutes=5)
"""How exactly a session knows when it was last used: to read a page writes nothing most times."""

_SESSION = select(
    users.c.id,
    users.c.name,
    users.c.display_name,
    users.c.role,
    sessions.c.id,
    sessions.c.seen_at,
).join_from(sessions, users, sessions.c.user == users.c.id)


class People:
    """Users and their sessions. A session is known by the digest of its token, never by that."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
        self._queue = queue

    def add(self, name: str, role: Role, *, display_name: str = "", now: datetime) -> int:
        """A new user, who may sign in; the number. ValueError if there is one of that name."""
        return self._queue.run(lambda c: _add(c, name, role, display_name, now))

    def session_of(self, digest: str, now: datetime) -> Person | None:
        """Who has the session of this digest; None if it is over, or its user may not sign in."""
        with self._database.reading() as connection:
            row = connection.execute(
                _SESSION.where(
                    sessions.c.digest == digest,
                    sessions.c.expires_at > now,
                    users.c.is_active,
                )
            ).first()
        if row is None:
            return None
        *person, seen_at = row
        if now - seen_at >= SEEN_EVERY:
            self._queue.run(lambda c: _see(c, digest, now))
        return Person(*person)

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
        values = {"user": user, "digest": digest, "network": network, "browser": browser}
        instants = {"at": now, "seen_at": now, "expires_at": expires_at}
        return self._queue.run(lambda c: _insert(c, {**values, **instants}))

    def end_session(self, session: int) -> bool:
        """Have a session be over; whether it was not already."""
        ended = delete(sessions).where(sessions.c.id == session)
        return self._queue.run(lambda c: c.execute(ended).rowcount == 1)


def _add(connection: Connection, name: str, role: Role, display_name: str, now: datetime) -> int:
    added = connection.execute(
        insert(users).values(
            name=name, display_name=display_name, role=role, is_active=True, at=now
        )
    )
    (number,) = added.inserted_primary_key or (0,)
    return int(number)


def _insert(connection: Connection, values: dict[str, object]) -> int:
    begun = connection.execute(insert(sessions).values(**values))
    (number,) = begun.inserted_primary_key or (0,)
    return int(number)


def _see(connection: Connection, digest: str, now: datetime) -> None:
    connection.execute(update(sessions).where(sessions.c.digest == digest).values(seen_at=now))
