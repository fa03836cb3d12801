"""What is kept about a person: shown, erased, and swept out once its time is over."""

from __future__ import annotations

import json
import shutil
import time
from datetime import datetime

import click

from ..deeds.erase import erase as erasing
from ..deeds.purge import purge as purging
from ..domain.actions import OPERATOR
from ..store import Person, Store, host_named
from .moderating import when_public
from .typed import is_text
from .workplace import now, workplace

_TRIES = 20


def _address(_context: click.Context, _parameter: click.Parameter, given: str) -> str:
    if "@" in given and is_text(given):
        return given
    raise click.BadParameter(f"{given!r} is no e-mail address")


def _host(_context: click.Context, _parameter: click.Parameter, given: str) -> str:
    """The host, of which the address may have been given: nothing is found by another word."""
    host = host_named(given.strip())
    if given.strip() and (not host or not is_text(host) or " " in host):
        raise click.BadParameter(f"{given!r} is no host such as ada.example")
    return host


_SITE = click.option(
    "--site",
    default="",
    callback=_host,
    metavar="HOST",
    help="Pings from this host as well, such as ada.example, and of whom that is the site.",
)


@click.group()
def privacy() -> None:
    """Answer who asks what is kept about them, or wants it erased."""


@privacy.command()
@click.argument("email", callback=_address)
@_SITE
def export(email: str, site: str) -> None:
    """Write all that is kept about the person with this address, as JSON."""
    with workplace().store() as store:
        found = store.personal.about(_person(email, site))
    said = {"email": email, "site": site, "made_at": now(), **found}
    click.echo(json.dumps(said, ensure_ascii=False, indent=1, default=_plain))


@privacy.command()
@click.argument("email", callback=_address)
@_SITE
@click.option(
    "--delete/--anonymise",
    "is_deletion",
    default=True,
    show_default=True,
    help="Delete comments, or keep their text without a name. All else is deleted.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(email: str, site: str, is_deletion: bool, yes: bool) -> None:
    """Erase all that is kept about the person with this address, for ever."""
    here = workplace()
    person = _person(email, site)
    with here.store() as store:
        count = len(store.personal.about(person)["entries"])
        if not yes:
            click.confirm(f"Erase {count} entries of {email} for ever?", abort=True)
        erased = erasing(
            person,
            keep_text=not is_deletion,
            blog=here.blog(),
            store=store,
            now=now(),
            by=OPERATOR,
        )
        is_scrubbed = _scrub(store)
    shutil.rmtree(here.settings.preview_folder, ignore_errors=True)
    click.echo(f"Deleted {erased.deleted}, made {erased.anonymised} anonymous.")
    if erased.named_in:
        numbers = ", ".join(map(str, erased.named_in))
        click.echo(f"The address is written out in what others said: {numbers}.")
    if erased.users:
        names = ", ".join(erased.users)
        click.echo(f"The desk has a user of that name, who stays, as in the log: {names}.")
    if not is_scrubbed:
        click.echo("Somebody was reading the database: run this once more to empty its journal.")
    click.echo("Backups keep it until they are replaced.")
    click.echo(when_public(here))


@privacy.command()
def purge() -> None:
    """Delete now what is kept longer than your settings say. The clock of this machine is believed.

    The service does this by itself every day.
    """
    here = workplace()
    with here.store() as store:
        done = purging(here.blog().discussion, store, now(), is_clock_believed=True)
    click.echo(", ".join(f"{count} {what}" for what, count in done.items()) or "Nothing was due.")


def _person(email: str, site: str) -> Person:
    """Who is meant: an address that was copied out of a letter may have white space around it."""
    return Person(email.strip(), site)


def _scrub(store: Store) -> bool:
    """Those who read at this moment are done soon."""
    for _ in range(_TRIES):
        if store.personal.scrub():
            return True
        time.sleep(0.25)
    return False


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
