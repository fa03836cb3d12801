"""`permalien ping`: take a ping in by hand, see what became of each, have one verified now."""

from __future__ import annotations

import json

import click

from ..deeds.receive_ping import Doorkeeper, receive_ping
from ..domain.discussion import Kind
from ..domain.pings import Claim, PingState, ReceivedPing
from .publishing import there
from .verifying import take, verify
from .workplace import Workplace, now, workplace

_LAST = 100
"""How many pings a terminal is shown unasked."""


class _Pings(click.Group):
    """A group whose first word may be no command but an address: then a ping is taken in."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_command = not args or args[0] in self.commands or args[0].startswith("-")
        if not is_command and len(args) > 1:
            args = ["take", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Pings)
def ping() -> None:
    """Take a ping in by hand, and see what became of all.

    `permalien ping SOURCE TARGET` takes in, as the author, that the page SOURCE links to the post
    TARGET.
    """


@ping.command(name="take", hidden=True)
@click.argument("source")
@click.argument("target")
def take_in(source: str, target: str) -> None:
    """Take in that SOURCE links to TARGET, and verify it now."""
    here = workplace()
    with here.store() as store:
        door = Doorkeeper(
            here.blog(),
            store,
            check=here.fetcher().check,
            is_there=lambda path: _is_published(here, path),
            rulings=store.rulings.all(),
        )
        taken = receive_ping(Claim(Kind.WEBMENTION, source, target), door, now())
    _verify_now(here, taken.ping.id)


@ping.command(name="list")
@click.option(
    "--state",
    type=click.Choice([*(state.value for state in PingState), "all"]),
    default="all",
    show_default=True,
    help="Which to show.",
)
@click.option(
    "--last",
    type=click.IntRange(min=1),
    help="How many to show, of those that came last; if not given 100, and all with --json.",
)
@click.option("--json", "as_json", is_flag=True, help="A list of objects, for programs.")
def list_pings(state: str, last: int | None, as_json: bool) -> None:
    """Show what became of the pings that came last, oldest first."""
    here = workplace()
    states = list(PingState) if state == "all" else [PingState(state)]
    with here.store() as store:
        pings = store.pings.listed(states, last if as_json else last or _LAST)
        earlier = store.pings.count(states) - len(pings)
    if as_json:
        click.echo(json.dumps([_object(one) for one in pings], ensure_ascii=False, indent=1))
        return
    if earlier > 0:
        click.echo(f"{earlier} came before these; --last {earlier + len(pings)} shows all.")
    zone = here.blog().blog.timezone
    for one in pings:
        click.echo(f"{there(one.received_at, zone)}  {_line(one)}")
    if not pings:
        click.echo("There are no pings.")


@ping.command(name="check")
@click.argument("number", type=int)
def check_ping(number: int) -> None:
    """Verify ping NUMBER now, whatever became of it before."""
    _verify_now(workplace(), number)


def _verify_now(here: Workplace, number: int) -> None:
    with here.store() as store:
        store.pings.ask_now(number, now())
        taken = take(store, only=number)
        settled = verify(here, store, taken) if taken is not None else None
    if settled is not None:
        click.echo(_line(settled))
        if settled.state is PingState.FAILED:
            click.get_current_context().exit(1)
        return
    click.echo(
        f"Ping {number} is verified in a moment: its host was called just now, or the service is "
        "at it. `permalien ping list` shows what comes of it."
    )


def _is_published(here: Workplace, path: str) -> bool:
    output = here.settings.blog / here.blog().blog.output
    try:
        place = (output / path.strip("/")).resolve()
        return place.is_relative_to(output.resolve()) and place.exists()
    except (OSError, ValueError):  # no name that a file can have
        return False


def _line(one: ReceivedPing) -> str:
    became = f", number {one.comment} in the queue" if one.comment else ""
    why = f": {one.problem_words}" if one.problem_words else ""
    return f"#{one.id} {one.state} {one.kind} {one.source} -> {one.target}{became}{why}"


def _object(one: ReceivedPing) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "state": one.state,
        "source": one.source,
        "target": one.target,
        "post": one.post,
        "received_at": one.received_at.isoformat(),
        "fetches": one.fetches,
        "problem": one.problem,
        "words": one.problem_words,
        "comment": one.comment,
    }
