"""The moderation queue at the terminal: list, approve, hold, spam, trash, restore, reply."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from datetime import datetime

import click

from ..deeds import moderate
from ..deeds import reply as replying
from ..domain.discussion import Entry, Kind, Status
from ..domain.errors import NotPublished
from ..domain.posts import Manifest, Post
from ..processes import is_held
from ..store import Store
from .publishing import there
from .workplace import Workplace, now, workplace

_RANGE = re.compile(r"([0-9]{1,18})(?:-([0-9]{1,18}))?")
_MOST_AT_ONCE = 10_000
# What is said of private messages, which no decision publishes.
_OF_MESSAGES = {"Approved": "Kept as read:"}


class Numbers(click.ParamType[list[int]]):
    """Comments by number: `12`, or a range `15-19`."""

    name = "number"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[int]:
        match = _RANGE.fullmatch(str(value).removeprefix("#"))
        if match is None:
            self.fail(f"{value!r} is neither a number nor a range such as 15-19", param, ctx)
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or last - first >= _MOST_AT_ONCE:
            self.fail(f"{value!r} is not a range of at most {_MOST_AT_ONCE} comments", param, ctx)
        return list(range(first, last + 1))


@click.command()
@click.option(
    "--status",
    type=click.Choice([*(status.value for status in Status), "all"]),
    default=Status.PENDING.value,
    show_default=True,
    help="Which to show.",
)
@click.option("--json", "as_json", is_flag=True, help="A list of objects, for programs.")
def queue(status: str, as_json: bool) -> None:
    """Show what waits for a decision, oldest first."""
    here = workplace()
    with here.store() as store:
        entries = store.entries(statuses=None if status == "all" else [Status(status)])
        counts = store.counts()
    posts = _posts(here)
    if as_json:
        click.echo(
            json.dumps([_object(entry, posts) for entry in entries], ensure_ascii=False, indent=1)
        )
        return
    zone = _zone(here)
    for entry in entries:
        click.echo(_paragraph(entry, posts, zone))
    others = ", ".join(f"{counts.get(kind, 0)} {kind.value}" for kind in Status)
    click.echo(others if entries else f"Nothing here. {others}.")


def _decision(status: Status, done: str, help: str) -> click.Command:
    """A command that puts comments into `status`."""

    def decide(numbers: Sequence[list[int]]) -> None:
        def carry_out(store: Store, ids: list[int], at: datetime) -> list[Entry]:
            return moderate.decide(ids, status, store=store, now=at)

        _decide(numbers, carry_out, done)

    decide.__doc__ = help
    argument = click.argument("numbers", type=Numbers(), nargs=-1, required=True)
    name = {Status.APPROVED: "approve", Status.PENDING: "hold"}.get(status, status.value)
    return click.command(name=name, help=help)(argument(decide))


approve = _decision(Status.APPROVED, "Approved", "Publish comments (12 15-19); keep messages.")
hold = _decision(Status.PENDING, "Held", "Put comments back into the queue, unpublished.")
spam = _decision(Status.SPAM, "Marked as spam:", "Mark comments as spam; they leave the pages.")
trash = _decision(Status.TRASH, "Put in the trash:", "Put comments in the trash.")


@click.command()
@click.argument("numbers", type=Numbers(), nargs=-1, required=True)
def restore(numbers: Sequence[list[int]]) -> None:
    """Take comments out of spam or the trash, back to where they were."""

    def carry_out(store: Store, ids: list[int], at: datetime) -> list[Entry]:
        return moderate.restore(ids, store=store, now=at)

    _decide(numbers, carry_out, "Restored")


@click.command()
@click.argument("number", type=int)
@click.argument("text", required=False)
def reply(number: int, text: str | None) -> None:
    """Answer comment NUMBER as the author, approving it if it waits. TEXT is Markdown; without it,
    it is read from standard input."""
    here = workplace()
    words = text if text is not None else sys.stdin.read()
    with here.store() as store:
        added = replying.reply(number, words, blog=here.blog(), store=store, now=now())
    click.echo(f"Your reply is number {added.id}. {when_public(here)}")


def _decide(
    numbers: Sequence[list[int]],
    carry_out: Callable[[Store, list[int], datetime], list[Entry]],
    done: str,
) -> None:
    ids = list(dict.fromkeys(number for part in numbers for number in part))
    here = workplace()
    with here.store() as store:
        entries = carry_out(store, ids, now())
    messages = [entry for entry in entries if entry.kind is Kind.MESSAGE]
    _tell(_OF_MESSAGES.get(done, done), messages)
    public = [entry for entry in entries if entry.kind is not Kind.MESSAGE]
    _tell(done, public)
    posts = _posts(here)
    for entry in public:
        post = posts.get(entry.post)
        if entry.status is Status.APPROVED and post is not None:
            click.echo(f"  {here.blog().blog.url}{post.path}#comment-{entry.id}")
    if public:
        click.echo(when_public(here))


def _tell(done: str, entries: Sequence[Entry]) -> None:
    if entries:
        click.echo(f"{done} {', '.join(str(entry.id) for entry in entries)}.")


def when_public(here: Workplace) -> str:
    """When what was decided is seen in the pages."""
    if is_held(here.settings.data, "press"):
        return "The pages follow in a moment."
    return (
        "The service is not running: the pages follow with `permalien tick` or `permalien serve`."
    )


def _posts(here: Workplace) -> dict[str, Post]:
    try:
        blog: Manifest = here.blog()
    except NotPublished:
        return {}
    return dict(blog.posts)


def _zone(here: Workplace) -> str:
    try:
        return here.blog().blog.timezone
    except NotPublished:
        return "UTC"


def _object(entry: Entry, posts: dict[str, Post]) -> dict[str, object]:
    post = posts.get(entry.post)
    return {
        "id": entry.id,
        "kind": entry.kind,
        "status": entry.status,
        "post": entry.post,
        "path": post.path if post else None,
        "author": entry.author,
        "email": entry.email,
        "url": entry.url,
        "title": entry.title,
        "text": entry.text,
        "at": entry.at.isoformat(),
        "parent": entry.parent,
        "reasons": [{"rule": reason.rule, "words": reason.words} for reason in entry.reasons],
    }


def _paragraph(entry: Entry, posts: dict[str, Post], zone: str) -> str:
    post = posts.get(entry.post)
    who = " ".join(
        part for part in (entry.author, f"<{entry.email}>" * bool(entry.email), entry.url) if part
    )
    where = f"«{post.title}» {post.path}" if post else f"{entry.post} (not published)"
    answers = f", answering {entry.parent}" if entry.parent else ""
    what = entry.status if entry.kind is Kind.COMMENT else f"{entry.status} {entry.kind}"
    lines = [
        click.style(f"#{entry.id} {what} {there(entry.at, zone)}  {who}", bold=True),
        f"    on {where}{answers}",
        *([f"    «{entry.title}»"] if entry.title else []),
        *(f"    | {line}" for line in entry.text.splitlines()),
        *(f"    {reason.rule}: {reason.words}" for reason in entry.reasons),
    ]
    return "\n".join(lines) + "\n"
