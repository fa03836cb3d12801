"""Reads and changes the users of the desk, within a transaction; one owner can always sign in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from ..domain.errors import BadName, LastOwner, NoSuchUser
from ..domain.people import Role, User
from .schema import sessions, sign_in_links, users

_USER = select(
    users.c.id,
    users.c.name,
    users.c.display_name,
    users.c.role,
    users.c.is_active,
    users.c.password != "",
    users.c.at,
)


def add(connection: Connection, name: str, role: Role, *, display_name: str, now: datetime) -> int:
    """Somebody who may be given a link to sign in by; the number. BadName if the name is taken."""
    refuse_taken(connection, name)
    values = {"name": name, "display_name": display_name, "role": role}
    added = connection.execute(insert(users).values(**values, is_active=True, at=now))
    (number,) = added.inserted_primary_key or (0,)
    return int(number)


def listed(connection: Connection) -> list[User]:
    """Everybody, in the order in which they came."""
    return [User(*row) for row in connection.execute(_USER.order_by(users.c.id))]


def named(connection: Connection, name: str) -> User:
    """Who signs in by this name. NoSuchUser."""
    row = connection.execute(_USER.where(users.c.name == name)).first()
    if row is None:
        raise NoSuchUser(f"there is no user called {name!r}")
    return User(*row)


def numbered(connection: Connection, number: int) -> User:
    """Who has this number. NoSuchUser."""
    row = connection.execute(_USER.where(users.c.id == number)).first()
    if row is None:
        raise NoSuchUser(f"there is no user with the number {number}")
    return User(*row)


def password_of(connection: Connection, name: str) -> tuple[int, str]:
    """The number of who may sign in by this name, and what is kept of the password; else 0, ""."""
    row = connection.execute(
        select(users.c.id, users.c.password).where(users.c.name == name, users.c.is_active)
    ).first()
    return (row[0], row[1]) if row else (0, "")


def appoint(connection: Connection, user: User, role: Role) -> None:
    """Give somebody a role. LastOwner."""
    if role is not Role.OWNER:
        _keep_an_owner(connection, user)
    connection.execute(update(users).where(users.c.id == user.id).values(role=role))


def disable(connection: Connection, user: User) -> None:
    """Let somebody in no longer: sessions and links are over. LastOwner."""
    _keep_an_owner(connection, user)
    connection.execute(update(users).where(users.c.id == user.id).values(is_active=False))
    connection.execute(delete(sessions).where(sessions.c.user == user.id))
    connection.execute(delete(sign_in_links).where(sign_in_links.c.user == user.id))


def enable(connection: Connection, user: User) -> None:
    """Let somebody in again."""
    connection.execute(update(users).where(users.c.id == user.id).values(is_active=True))


def set_password(connection: Connection, number: int, kept: str) -> None:
    """Keep another password of somebody."""
    connection.execute(update(users).where(users.c.id == number).values(password=kept))


def rename(connection: Connection, user: User, name: str, display_name: str) -> None:
    """Give somebody another name, while nothing is signed by it yet. BadName if it is taken."""
    if name != user.name:
        refuse_taken(connection, name)
    values = {"name": name, "display_name": display_name}
    connection.execute(update(users).where(users.c.id == user.id).values(**values))


def refuse_taken(connection: Connection, name: str) -> None:
    """BadName if somebody has this name."""
    if connection.execute(select(users.c.id).where(users.c.name == name)).first():
        raise BadName(f"there is a user called {name!r} already")


def _keep_an_owner(connection: Connection, user: User) -> None:
    others = select(func.count()).where(
        users.c.role == Role.OWNER,
        users.c.is_active,
        users.c.password != "",
        users.c.id != user.id,
    )
    if user.role is Role.OWNER and user.is_active and not connection.scalar(others):
        raise LastOwner(user.name)
