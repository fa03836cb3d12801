"""`permalien build`: the pages as the content and the store have them now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from ..deeds.publish import publish
from ..domain.posts import Blog
from ..processes import Build
from ..unpublished import Unpublished, private_path, read_links
from .workplace import Workplace, now, workplace


@click.command()
def build() -> None:
    """Build the blog and publish the pages that changed."""
    here = workplace()
    with here.store() as store, here.turn():
        done = publish(store, here.build, now())
    for line in [*_unpublished(here), *account(done)]:
        click.echo(line)


def account(done: Build | None) -> list[str]:
    """What the author should look at, a line each, and what the build did in the last one."""
    if done is None:
        return ["Nothing was due."]
    return [*(f"warning: {warning}" for warning in done.warnings), did(done)]


def did(done: Build) -> str:
    """How many files a build has touched."""
    files = "file" if len(done.written) == 1 else "files"
    counted = f"{len(done.written)} {files} written, {done.unchanged} unchanged"
    return f"{counted}, {len(done.removed)} removed" if done.removed else counted


def _unpublished(here: Workplace) -> Iterator[str]:
    """What is not public yet, each with the address that its author may give to friends."""
    blog = here.blog().blog
    for post in read_links(here.settings.data).waiting:
        yield f"{_state(post, blog)}  {blog.url}{private_path(post.token)}"


def _state(post: Unpublished, blog: Blog) -> str:
    if post.appears_at is None:
        return f"draft: {post.title}"
    return f"scheduled: {post.title}, appears {there(post.appears_at, blog.timezone)}"


def there(at: datetime, zone: str) -> str:
    """An instant as the author's calendar and clock have it, with the name of their zone."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"
