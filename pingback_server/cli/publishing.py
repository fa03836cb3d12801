"""`permalien build`: the pages as the content and the store have them now."""

from __future__ import annotations

import click

from ..deeds.publish import publish
from ..processes import Build
from .workplace import workplace


@click.command()
def build() -> None:
    """Build the blog and publish the pages that changed."""
    here = workplace()
    with here.store() as store:
        done = publish(store, here.build)
    click.echo(summary(done))


def summary(done: Build) -> str:
    """What a build did, in one line."""
    files = "file" if len(done.written) == 1 else "files"
    line = f"{len(done.written)} {files} written, {done.unchanged} unchanged"
    return f"{line}, {len(done.removed)} removed" if done.removed else line
