"""`permalien check`: what is wrong with a blog, in words, with file and line."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

import click

from ..deeds.check import check as look
from .workplace import workplace


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A list of objects, for programs.")
@click.pass_context
def check(context: click.Context, as_json: bool) -> None:
    """Say what is wrong, with file and line.

    Looked at are links, pictures, heads of posts, settings and the machine. The blog is built as
    for publishing, but nothing of it goes live. The exit code is 1 if anything is wrong; notes are
    not.
    """
    found = look(workplace().settings, os.environ)
    wrong = sum(one.is_wrong for one in found)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            click.echo(str(one))
        things = "thing is" if wrong == 1 else "things are"
        click.echo(f"{wrong} {things} wrong." if wrong else "Nothing is wrong.")
    context.exit(1 if wrong else 0)
