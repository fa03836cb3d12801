"""What is rarer at the terminal: correct a comment, close or open a post, delete for ever."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ..deeds import delete as deleting
from ..deeds import edit as editing
from ..deeds import switch as switching
from ..deeds.edit import Correction
from ..domain.actions import AUTHOR
from ..domain.addresses import OwnAddresses
from ..domain.errors import UnknownPost
from ..domain.filters import chosen
from ..domain.posts import Manifest
from ..domain.switches import Switch
from .moderating import when_public
from .selecting import read_selection, selecting
from .typed import from_standard_input, whole
from .workplace import now, workplace


@click.command()
@click.argument("number", type=int)
@click.argument("text", required=False, callback=whole)
@click.option("--author", callback=whole, help="Who wrote it.")
@click.option("--email", callback=whole, help="The e-mail address, which is never shown.")
@click.option("--site", callback=whole, help="The address of the author's website.")
@click.option("--title", callback=whole, help="Of a ping: the title of its page.")
def edit(
    number: int,
    text: str | None,
    author: str | None,
    email: str | None,
    site: str | None,
    title: str | None,
) -> None:
    """Correct comment NUMBER; what it said before is kept. TEXT is Markdown; without it and without
    an option, it is read from standard input."""
    here = workplace()
    if text is None and {author, email, site, title} == {None}:
        text = from_standard_input()
    correction = Correction(text, author, email, site, title)
    with here.store() as store:
        action = editing.edit(
            number, correction, blog=here.blog(), store=store, now=now(), by=AUTHOR
        )
    if action is None:
        click.echo("Nothing has changed.")
        return
    click.echo(f"Corrected {number}. {when_public(here)}")
    click.echo(f"`permalien undo {action}` takes it back.")


@click.command()
@selecting
def delete(numbers: Sequence[list[int]], words: str | None, is_sure: bool) -> None:
    """Delete for ever what is spam or in the trash. The number of entries has to be typed."""
    here = workplace()
    selection, _ = read_selection(here, numbers, words)
    with here.store() as store:
        if not is_sure:
            ids = store.search.asked(selection).choice.ids
            selection, number = chosen(*ids), len(ids)
            click.echo(f"This deletes {number} for ever; nothing brings it back.", err=True)
            typed = click.prompt(
                f"Type {number} to go on", default="", show_default=False, err=True
            )
            if typed.strip() != str(number):
                raise click.Abort
        deleted = deleting.delete(selection, store=store, now=now(), by=AUTHOR)
    click.echo(f"Deleted {deleted} for ever. {when_public(here)}")


def _switch(name: str, is_open: bool, help: str) -> click.Command:
    @click.command(name=name, help=help)
    @click.argument("post")
    @click.option("--comments", "what", flag_value="comments", help="Comments alone.")
    @click.option("--pings", "what", flag_value="pings", help="Pings alone.")
    def command(post: str, what: str | None) -> None:
        here = workplace()
        blog = here.blog()
        id = _post_named(post, blog)
        with here.store() as store:
            was = store.switches.of(id)
            wanted = Switch(
                was.comments if what == "pings" else is_open,
                was.pings if what == "comments" else is_open,
            )
            action = switching.switch(id, wanted, blog=blog, store=store, now=now(), by=AUTHOR)
        state = "open" if is_open else "closed"
        click.echo(f"{id} is {state} to {what or 'comments and pings'}. {when_public(here)}")
        if action is not None:
            click.echo(f"`permalien undo {action}` takes it back.")

    return command


def _post_named(name: str, blog: Manifest) -> str:
    """The post of that id or at that address. UnknownPost."""
    below = name.removeprefix(blog.blog.url)
    for post in blog.posts.values():
        if name == post.id or below == post.path:
            return post.id
    addresses = OwnAddresses(blog.blog.url, blog.posts.values())
    # As it stands in a browser, or below the blog's own path, with or without a slash in front.
    found = addresses.post_at(name) or addresses.post_at(below.lstrip("/"))
    if found is None:
        raise UnknownPost(f"no post has the id or the address {name!r}")
    return found


close = _switch("close", False, "Close the discussion of POST (its id or its address) at once.")
open_ = _switch("open", True, "Open the discussion of POST again, whatever its date says.")
