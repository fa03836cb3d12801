"""The author's decisions at the terminal: approve, hold, spam, trash, restore, reply, undo."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ..deeds import moderate
from ..deeds import reply as replying
from ..deeds import undo as undoing
from ..domain.actions import AUTHOR
from ..domain.discussion import PRIVATE, Entry, Status
from ..processes import is_held
from ..store import Decided
from .queueing import posts_of
from .selecting import confirm, read_selection, selecting
from .typed import from_standard_input, whole
from .workplace import Workplace, now, workplace

# What is said of private messages, which no decision publishes.
_OF_MESSAGES = {"Approved": "Kept as read:"}


def _decision(name: str, status: Status | None, done: str, help: str) -> click.Command:
    """A command that puts what is selected into `status`; None restores it."""

    def decide(numbers: Sequence[list[int]], words: str | None, is_sure: bool) -> None:
        here = workplace()
        selection, ids = read_selection(here, numbers, words)
        with here.store() as store:
            if selection.is_all and not is_sure:
                selection = confirm(store, selection, f"would be affected by `{name}`")
            decided = moderate.decide_on(selection, status, store=store, now=now(), by=AUTHOR)
            entries = {one.id: one for one in store.entries(ids=ids or decided.moved)}
        _account(here, done, [entries[id] for id in ids or decided.moved], decided)

    return click.command(name=name, help=help)(selecting(decide))


approve = _decision(
    "approve", Status.APPROVED, "Approved", "Publish comments (12 15-19); keep messages."
)
hold = _decision("hold", Status.PENDING, "Held", "Put comments back into the queue, unpublished.")
spam = _decision(
    "spam", Status.SPAM, "Marked as spam:", "Mark comments as spam; they leave the pages."
)
trash = _decision("trash", Status.TRASH, "Put in the trash:", "Put comments in the trash.")
restore = _decision(
    "restore", None, "Restored", "Take comments out of spam or the trash, back to where they were."
)


@click.command()
@click.argument("number", type=int)
@click.argument("text", required=False, callback=whole)
def reply(number: int, text: str | None) -> None:
    """Answer comment NUMBER as the author, approving it if it waits. TEXT is Markdown; without it,
    it is read from standard input."""
    here = workplace()
    words = text if text is not None else from_standard_input()
    with here.store() as store:
        added = replying.reply(number, words, blog=here.blog(), store=store, now=now())
    click.echo(f"Your reply is number {added.id}. {when_public(here)}")


@click.command()
@click.argument("action", type=click.IntRange(min=1), required=False)
def undo(action: int | None) -> None:
    """Take back the last decision, or ACTION, which is a number. There are 30 days for that."""
    here = workplace()
    with here.store() as store:
        undone = undoing.undo(action, store=store, now=now(), by=AUTHOR)
    what = f"{undone.action.verb} {undone.action.subject}"
    click.echo(f"Undone: action {undone.action.id} ({what}).")
    if undone.left:
        click.echo(f"{undone.left} of it were decided on anew since, and stay as they are.")
    click.echo(when_public(here))


def _account(here: Workplace, done: str, entries: Sequence[Entry], decided: Decided) -> None:
    messages = [entry for entry in entries if entry.kind in PRIVATE]
    _tell(_OF_MESSAGES.get(done, done), messages)
    public = [entry for entry in entries if entry.kind not in PRIVATE]
    _tell(done, public)
    posts = posts_of(here)
    for entry in public:
        post = posts.get(entry.post)
        if entry.status is Status.APPROVED and post is not None:
            click.echo(f"  {here.blog().blog.url}{post.address_of(f'comment-{entry.id}')}")
    if not entries:
        click.echo("Nothing was found.")
    if public:
        click.echo(when_public(here))
    if decided.action is not None:
        click.echo(f"`permalien undo {decided.action}` takes it back.")


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
