"""Whom the author blocks and trusts, at the terminal."""

from __future__ import annotations

import json

import click

from ..deeds import block as blocking
from ..deeds import trust as trusting
from ..domain.actions import AUTHOR
from ..domain.rulings import RulingKind, kind_of
from ..store import Store
from .workplace import Workplace, now, workplace, zone_of

_BACK = "`permalien undo` takes it back."
_KINDS = click.Choice([kind.value for kind in RulingKind])


@click.command()
@click.argument("what", required=False)
@click.option("--kind", type=_KINDS, help="What it is, where that is not plain from its form.")
@click.option("--note", default="", help="Why, for yourself.")
@click.option("--sweep", is_flag=True, help="Put what is there of it already into spam.")
@click.option("--remove", is_flag=True, help="Block it no longer.")
@click.option("--json", "as_json", is_flag=True, help="The list, for programs.")
def block(
    what: str | None, kind: str | None, note: str, sweep: bool, remove: bool, as_json: bool
) -> None:
    """Suspect whatever comes from WHAT. That is a domain, an e-mail address (or @host), a
    network or a pattern. Without WHAT, list all that is blocked."""
    here = workplace()
    with here.store() as store:
        if what is None:
            _list(here, store, is_trust=False, as_json=as_json)
        elif remove:
            _say_removed(
                what, blocking.unblock(_kind(what, kind), what, store=store, now=now(), by=AUTHOR)
            )
        else:
            swept = blocking.block(
                _kind(what, kind), what, store=store, now=now(), by=AUTHOR, note=note, sweep=sweep
            )
            click.echo(f"Blocked {what}." + (f" {len(swept)} put into spam." if sweep else ""))
            click.echo(_BACK)


@click.command()
@click.argument("what", required=False)
@click.option("--kind", type=_KINDS, help="What it is, where that is not plain from its form.")
@click.option("--note", default="", help="Why, for yourself.")
@click.option("--remove", is_flag=True, help="Trust it no longer.")
@click.option("--json", "as_json", is_flag=True, help="The list, for programs.")
def trust(what: str | None, kind: str | None, note: str, remove: bool, as_json: bool) -> None:
    """Let in what comes from WHAT without waiting. That is pings from a domain, or comments from
    a browser that asked to be remembered. Without WHAT, list all that is trusted."""
    here = workplace()
    with here.store() as store:
        if what is None:
            _list(here, store, is_trust=True, as_json=as_json)
        elif remove:
            _say_removed(
                what, trusting.untrust(_kind(what, kind), what, store=store, now=now(), by=AUTHOR)
            )
        else:
            trusting.trust(_kind(what, kind), what, store=store, now=now(), by=AUTHOR, note=note)
            click.echo(f"Trusted {what}.")
            click.echo(_BACK)


def _kind(what: str, kind: str | None) -> RulingKind:
    """What `what` is, as it was said, or as it looks."""
    return kind_of(what) if kind is None else RulingKind(kind)


def _list(here: Workplace, store: Store, *, is_trust: bool, as_json: bool) -> None:
    rulings = [one for one in store.rulings.listed() if one.is_trust is is_trust]
    if as_json:
        objects = [
            {
                "kind": one.about.kind,
                "value": one.about.value,
                "note": one.note,
                "at": one.at.isoformat(),
                "by": one.by,
            }
            for one in rulings
        ]
        click.echo(json.dumps(objects, ensure_ascii=False, indent=1))
        return
    zone = zone_of(here)
    for one in rulings:
        note = f"  ({one.note})" if one.note else ""
        day = one.at.astimezone(zone).date()
        click.echo(f"{one.about.kind} {one.about.value}  since {day}{note}")
    if not rulings:
        click.echo("Nobody is trusted." if is_trust else "Nothing is blocked.")


def _say_removed(what: str, was_there: bool) -> None:
    click.echo(f"{what} is on the list no longer." if was_there else f"{what} was not on the list.")
