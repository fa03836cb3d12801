"""What a command is about: comments by number, or all that match the words of a search."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from ..domain.filters import NAMES, Filter, Selection, Tab, chosen, read_filter
from ..store import Store
from .workplace import Workplace, zone_of

F = TypeVar("F", bound=Callable[..., Any])

_RANGE = re.compile(r"([0-9]{1,18})(?:-([0-9]{1,18}))?")
_MOST_AT_ONCE = 10_000


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


def selecting(command: F) -> F:
    """Give a command its numbers, and the options that select without any."""
    for decorate in (
        click.option("--yes", "is_sure", is_flag=True, help="Do not ask before many are decided."),
        click.option(
            "--all-matching",
            "words",
            metavar="WORDS",
            help="Everything that these words of `permalien queue` find; is:… names the state.",
        ),
        click.argument("numbers", type=Numbers(), nargs=-1),
    ):
        command = decorate(command)
    return command


def read_selection(
    here: Workplace, numbers: Sequence[list[int]], words: str | None
) -> tuple[Selection, list[int]]:
    """What was selected, and the numbers as they were given. UsageError for both, and for none."""
    ids = list(dict.fromkeys(number for part in numbers for number in part))
    if bool(ids) == (words is not None):
        raise click.UsageError("name comments by number, or say --all-matching WORDS")
    if words is None:
        return chosen(*ids), ids
    return Selection(read_filter(words, zone_of(here)), is_all=True), []


def wanted(here: Workplace, words: Sequence[str], tab: Tab = Tab.PENDING) -> Filter:
    """The filter that words of the command line say. BadFilter."""
    return read_filter(" ".join(map(_as_typed, words)), zone_of(here), tab)


def _as_typed(word: str) -> str:
    """A word with the quotes that the shell took off: `from:"Ada L"`."""
    if " " not in word:
        return word
    name, colon, value = word.partition(":")
    return f'{name}:"{value}"' if colon and name in NAMES else f'"{word}"'


def confirm(store: Store, selection: Selection, consequence: str) -> Selection:
    """Say how many are selected and what will become of them; Abort unless that is wanted.

    What was asked about, by number: nothing that comes meanwhile is among it.
    """
    ids = store.search.asked(selection).choice.ids
    entries = "1 entry" if len(ids) == 1 else f"{len(ids)} entries"
    click.confirm(f"{entries} {consequence}. Go on?", abort=True, err=True)
    return chosen(*ids)
