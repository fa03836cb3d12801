"""How one gets to the desk, within a transaction: links that are good once, guesses, sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from ..domain.errors import LinkSpent, NoSuchUser, TooOften
from ..domain.people import IDLE_FOR, LINK_FOR, Person, Session, User
from ..domain.throttle import REMEMBERED_FOR, wait_after
from .schema import failed_attempts, sessions, sign_in_links, users
from .users import numbered

_PERSON = select(
    users.c.id,
    users.c.name,
    users.c.display_name,
    users.c.role,
    sessions.c.id,
    sessions.c.seen_at,
).join_from(sessions, users, sessions.c.user == users.c.id)
_SESSION = select(
    sessions.c.id,
    sessions.c.at,
    sessions.c.seen_at,
    sessions.c.expires_at,
    sessions.c.network,
    sessions.c.browser,
)


def person_of(connection: Connection, digest: str, now: datetime) -> tuple[Person, datetime] | None:
    """Who has the session of this digest, and when it was last seen; None if it is over."""
    row = connection.execute(
        _PERSON.where(sessions.c.digest == digest, _lasts(now), users.c.is_active)
    ).first()
    if row is None:
        return None
    *person, seen_at = row
    return Person(*person), seen_at


def see(connection: Connection, digest: str, now: datetime) -> None:
    """Note that a session is used."""
    connection.execute(update(sessions).where(sessions.c.digest == digest).values(seen_at=now))


def begin(connection: Connection, values: dict[str, object], now: datetime) -> int:
    """Keep a session, and drop those that are over; its number."""
    connection.execute(delete(sessions).where(~_lasts(now)))
    begun = connection.execute(insert(sessions).values(**values, at=now, seen_at=now))
    (number,) = begun.inserted_primary_key or (0,)
    return int(number)


def sessions_of(connection: Connection, user: int, now: datetime) -> list[Session]:
    """Where somebody is signed in, the newest first."""
    own = _SESSION.where(sessions.c.user == user, _lasts(now)).order_by(sessions.c.id.desc())
    return [Session(*row) for row in connection.execute(own)]


def end(connection: Connection, user: int | None, *, only: int | None = None, but: int = 0) -> int:
    """End somebody's sessions, `only` that one or all `but` one; how many. None is anybody's."""
    ended = delete(sessions).where(sessions.c.id != but)
    if user is not None:
        ended = ended.where(sessions.c.user == user)
    if only is not None:
        ended = ended.where(sessions.c.id == only)
    return connection.execute(ended).rowcount


def give_link(connection: Connection, user: User, digest: str, now: datetime) -> None:
    """A link for somebody, in the place of all that were given before."""
    connection.execute(delete(sign_in_links).where(sign_in_links.c.user == user.id))
    values = {"digest": digest, "user": user.id, "expires_at": now + LINK_FOR}
    connection.execute(insert(sign_in_links).values(**values))


def holder_of(connection: Connection, digest: str, now: datetime) -> User:
    """For whom the link of this digest is. LinkSpent."""
    number = connection.scalar(
        select(sign_in_links.c.user).where(
            sign_in_links.c.digest == digest, sign_in_links.c.expires_at > now
        )
    )
    try:
        user = numbered(connection, number or 0)
    except NoSuchUser as error:
        raise LinkSpent from error
    if not user.is_active:
        raise LinkSpent
    return user


def spend(connection: Connection, digest: str, now: datetime) -> User:
    """Use a link up, and say for whom it was. LinkSpent."""
    user = holder_of(connection, digest, now)
    connection.execute(delete(sign_in_links).where(sign_in_links.c.digest == digest))
    return user


def guess(connection: Connection, keys: Sequence[str], now: datetime) -> None:
    """Count a guess under each key before it is looked at. TooOften, and then it is not counted."""
    oldest = now - REMEMBERED_FOR
    connection.execute(delete(failed_attempts).where(failed_attempts.c.at <= oldest))
    waits = []
    for key in keys:
        before = select(failed_attempts.c.at).where(failed_attempts.c.key == key)
        waits.append(wait_after(list(connection.scalars(before)), now))
    if any(waits):
        raise TooOften(max(waits))
    connection.execute(insert(failed_attempts), [{"key": key, "at": now} for key in keys])


def forgive(connection: Connection, keys: Sequence[str], now: datetime) -> None:
    """A guess was right: those at the name are forgotten, of the network's the one of `now`.

    Else somebody with a password of his own could guess at others without end.
    """
    name, *others = keys
    connection.execute(delete(failed_attempts).where(failed_attempts.c.key == name))
    of_now = failed_attempts.c.key.in_(others), failed_attempts.c.at == now
    connection.execute(delete(failed_attempts).where(*of_now))


def _lasts(now: datetime) -> ColumnElement[bool]:
    return (sessions.c.expires_at > now) & (sessions.c.seen_at > now - IDLE_FOR)
