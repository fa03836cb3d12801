"""`permalien import`: a conversation from a file, each entry once."""

from __future__ import annotations

from pathlib import Path

import click

from ..deeds.import_file import import_file
from ..domain.errors import BadImport, NotPublished
from .moderating import when_public
from .workplace import Workplace, now, workplace


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Take in a conversation from FILE, each entry only once. FILE is a list in JSON."""
    here = workplace()
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadImport([f"{file} is not UTF-8: {error}"]) from error
    with here.store() as store:
        done = import_file(text, store=store, now=now())
    for post in _unknown(here, done.posts):
        click.echo(f"warning: no post {post!r} is published; what belongs to it waits for it")
    click.echo(f"{done.new} imported, {done.known} were here already.")
    if done.new:
        click.echo(when_public(here))


def _unknown(here: Workplace, posts: tuple[str, ...]) -> list[str]:
    """The posts that the blog does not have; before its first build nobody knows, and it tells."""
    try:
        published = here.blog().posts
    except NotPublished:
        return []
    return [post for post in posts if post not in published]
