"""`permalien build`: the pages as the content and the store have them now."""

from __future__ import annotations

import click

from ..deeds.publish import publish
from ..processes import Build
from .workplace import now, workplace


@click.command()
def build() -> None:
    """Build the blog and publish the pages that changed."""
    here = workplace()
    with here.store() as store:
        done = publish(store, here.build, now())
    for line in account(done):
        click.echo(line)


def account(done: Build | None) -> list[str]:
    """What the author should look at, a line each, and what the build did in the last one."""
    if done is None:
        return ["Nothing was due."]
    files = "file" if len(done.written) == 1 else "files"
    did = f"{len(done.written)} {files} written, {done.unchanged} unchanged"
    if done.removed:
        did += f", {len(done.removed)} removed"
    return [*(f"warning: {warning}" for warning in done.warnings), did]
