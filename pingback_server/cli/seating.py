"""`permalien user`: who may sit at the desk, at the terminal of who runs the blog."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from ..deeds import invite as inviting
from ..domain.actions import AUTHOR
from ..domain.people import Change, Role, User, read_name
from ..store import Store
from .workplace import Workplace, now, workplace, zone_of

_ROLES = click.Choice([role.value for role in Role])
WELCOME = "/-/desk/welcome/"


@click.group()
def user() -> None:
    """Say who may sit at the desk, and give them links to it."""


@user.command()
@click.argument("name")
@click.option("--role", type=_ROLES, default=Role.AUTHOR.value, help="What they may do: author.")
@click.option("--display", default="", help="The name that stands below their posts.")
def add(name: str, role: str, display: str) -> None:
    """Invite NAME, and print the link. It is good once and for a week."""
    here = workplace()
    with here.store() as store:
        token = inviting.invite(
            name, Role(role), display_name=display, store=store, now=now(), by=AUTHOR
        )
        click.echo(address_of(here, token))


@user.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_(as_json: bool) -> None:
    """Show everybody who may sit at the desk, and who may no longer."""
    with workplace().store() as store:
        everybody = store.people.listed()
    if as_json:
        click.echo(json.dumps([_fields(one) for one in everybody], ensure_ascii=False, indent=1))
        return
    for one in everybody:
        state = "" if one.has_password else "  (invited)"
        state = state if one.is_active else "  (disabled)"
        shown = f"  {one.display_name}" if one.display_name else ""
        click.echo(f"{one.name}  {one.role}{shown}{state}")
    if not everybody:
        click.echo("Nobody yet: `permalien user link` prints the owner's link.")


@user.command()
@click.argument("name", required=False)
def link(name: str | None) -> None:
    """Print a link by which NAME sets a new password. It is good once and for a week.

    Without NAME it is the owner's, as long as no owner has signed in.
    """
    here = workplace()
    with here.store() as store:
        if name is not None:
            token = inviting.give_link(read_name(name), store=store, now=now(), by=AUTHOR)
            click.echo(address_of(here, token))
            return
        first = first_link(here, store)
        if first is None:
            raise click.UsageError("somebody owns this blog already: name who the link is for")
        click.echo(first)


@user.command()
@click.argument("name")
def disable(name: str) -> None:
    """Let NAME in no longer: every session is over."""
    _change(name, Change.DISABLE, None)
    click.echo(f"{name} is let in no longer.")


@user.command()
@click.argument("name")
def enable(name: str) -> None:
    """Let NAME in again."""
    _change(name, Change.ENABLE, None)
    click.echo(f"{name} is let in again.")


@user.command()
@click.argument("name")
@click.argument("role", type=_ROLES)
def role(name: str, role: str) -> None:
    """Make NAME an owner, a moderator or an author."""
    _change(name, Change.APPOINT, Role(role))
    click.echo(f"{name} is {role}.")


@user.command()
@click.argument("name")
@click.option("--end", is_flag=True, help="End all of them.")
def sessions(name: str, end: bool) -> None:
    """Show in which browsers NAME is signed in."""
    here = workplace()
    zone = zone_of(here)
    with here.store() as store:
        who = store.people.named(read_name(name))
        if end:
            click.echo(f"{store.people.end_sessions(who.id)} ended.")
            return
        open_ones = store.people.sessions_of(who.id, now())
    for one in open_ones:
        times = f"since {_told(one.at, zone)}, last seen {_told(one.seen_at, zone)}"
        click.echo(f"{one.id}  {times}  {one.network}  {one.browser}".rstrip())
    if not open_ones:
        click.echo(f"{name} is signed in nowhere.")


def first_link(here: Workplace, store: Store) -> str | None:
    """The address by which the owner gets to the desk, as long as none has been there."""
    author = here.blog().blog.author
    token = inviting.invite_first_owner(author, store=store, now=now())
    return None if token is None else address_of(here, token)


def address_of(here: Workplace, token: str) -> str:
    """The address of a link that is good once. NotPublished: it begins with that of the blog."""
    return f"{here.blog().blog.url}{WELCOME}{token}"


def _change(name: str, change: Change, role: Role | None) -> None:
    with workplace().store() as store:
        store.people.change(read_name(name), change, role=role, now=now(), by=AUTHOR)


def _told(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _fields(one: User) -> dict[str, Any]:
    return {
        "name": one.name,
        "display_name": one.display_name,
        "role": one.role.value,
        "is_active": one.is_active,
        "has_password": one.has_password,
        "at": one.at.isoformat(),
    }
