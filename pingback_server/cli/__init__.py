"""The command `permalien`: the author's and the operator's hands."""

from __future__ import annotations

import sys

import click

from .. import __version__
from ..domain.errors import PermalienError
from ..processes import give_up_on_a_full_log
from . import (
    checking,
    correcting,
    importing,
    moderating,
    pinging,
    privacy,
    publishing,
    queueing,
    ruling,
    running,
    seating,
    writing,
)


class _Commands(click.Group):
    """Commands in the order of a day; a refusal is one clear sentence and exit code 1."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except PermalienError as refusal:
            click.echo(f"permalien: {refusal}", err=True)
            context.exit(1)
        except OSError as trouble:
            if trouble.filename is None:
                raise  # no file's: a pipe that its reader closed is click's to handle
            click.echo(f"permalien: {_told(trouble)}", err=True)
            context.exit(1)


def _told(trouble: OSError) -> str:
    if isinstance(trouble, PermissionError):
        return (
            f"this user may not use {trouble.filename}: run it as the service's user, or give "
            "this one the right to"
        )
    return f"{trouble.filename}: {trouble.strerror}"


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="permalien")
@click.option("--blog", metavar="DIR", help="The blog to work on; else the one in or above here.")
@click.pass_context
def permalien(context: click.Context, blog: str | None) -> None:
    """A blog you own: static pages, a living conversation."""
    context.obj = blog


for command in (
    *(writing.init, writing.new),
    *(publishing.build, checking.check, running.serve, running.tick),
    *(queueing.queue, moderating.approve, moderating.hold, moderating.spam),
    *(moderating.trash, moderating.restore, moderating.reply, correcting.edit),
    *(moderating.undo, ruling.trust, ruling.block),
    *(correcting.close, correcting.open_, correcting.delete),
    *(pinging.ping, importing.import_),
    *(seating.user, privacy.privacy),
):
    permalien.add_command(command)


def main() -> None:
    """Run the command line."""
    try:
        permalien(prog_name="permalien")
        sys.exit(0)
    finally:
        give_up_on_a_full_log()
