"""Somebody is invited to the desk, by a link that is good once; the blog's owner is the first."""

from __future__ import annotations

from datetime import datetime

from ..credentials import new_token
from ..domain.actions import SERVICE
from ..domain.errors import BadName
from ..domain.people import Role, User, read_display_name, read_new_name
from ..domain.tokens import digest_of
from ..store import Store


def invite(
    name: str, role: Role, *, display_name: str = "", store: Store, now: datetime, by: str
) -> str:
    """Let somebody new have a link to the desk: its token. BadName."""
    known = read_new_name(name)
    store.people.add(known, role, display_name=read_display_name(display_name), now=now)
    return give_link(known, store=store, now=now, by=by)


def give_link(name: str, *, store: Store, now: datetime, by: str) -> str:
    """A link by which somebody sets a new password, and no earlier link: its token. NoSuchUser."""
    token = new_token()
    store.people.give_link(name, digest_of(token), now=now, by=by)
    return token


def invite_first_owner(author: str, *, store: Store, now: datetime) -> str | None:
    """The token of a link for the owner, as long as no owner can sign in; else None.

    The first owner is called like the blog's author until the link is followed.
    """
    owners = [user for user in store.people.listed() if user.role is Role.OWNER and user.is_active]
    if any(user.has_password for user in owners):
        return None
    if owners:
        return give_link(owners[0].name, store=store, now=now, by=SERVICE)
    name = _free_name(author, store.people.listed())
    return invite(name, Role.OWNER, display_name=author, store=store, now=now, by=SERVICE)


def _free_name(author: str, users: list[User]) -> str:
    taken = {user.name for user in users}
    try:
        name = read_new_name("-".join(author.split()))
    except BadName:
        name = "owner"
    return next(
        one for one in (name, *(f"{name[:36]}-{n}" for n in range(2, 1000))) if one not in taken
    )
