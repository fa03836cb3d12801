"""Where in the queue somebody is: a tab, a search, a page; as an address and as a form's fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import request
from werkzeug.datastructures import MultiDict

from ...domain.as_shown import AsShown
from ...domain.filters import (
    FIELDS,
    Filter,
    Selection,
    Tab,
    fields_of_filter,
    read_filter,
    words_of_fields,
    words_of_filter,
)
from ...store import Place as Mark
from ..service import service
from .access import person, seen_by

_LIKE = "like-"
_SHOWN = "shown-"

CHANGED = "changed"
"""What was `done` where nothing was, since all that matches is not what it was."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the queue: `wanted` has what its person may see, `after` is where it begins."""

    wanted: Filter
    words: str
    after: Mark | None

    @property
    def tab(self) -> Tab:
        """The tab in which it is."""
        return self.wanted.tab

    @property
    def mark(self) -> str:
        """Where the page begins, as an address has it; empty on the first one."""
        return mark_of(self.after)

    @property
    def fields(self) -> dict[str, str]:
        """What is looked for, as the fields of the form of filters."""
        return fields_of_filter(self.wanted, ZoneInfo(service().blog().blog.timezone))

    def address(
        self, *, tab: Tab | None = None, after: Mark | None = None, words: str | None = None
    ) -> str:
        """The first page of a tab with the same search, or of another search, or a later page."""
        fields = {
            "is": (tab or self.tab).value,
            "q": self.words if words is None else words,
            "after": mark_of(after),
        }
        return home() + "?" + urlencode({name: value for name, value in fields.items() if value})

    def here(self, done: int | str | None = None, anchor: str = "", *, left: int = 0) -> str:
        """This very page, with the notice of what was `done`, and of how much was `left`."""
        address = self.address(after=self.after)
        told = "" if done is None else f"&done={done}"
        told += f"&left={left}" if left else ""
        return f"{address}{told}{f'#entry-{anchor}' if anchor else ''}"


def home() -> str:
    """The address of the queue."""
    return f"{request.script_root}/-/desk"


def place(sent: MultiDict[str, str]) -> Place:
    """The place that an address or a form names. BadFilter."""
    zone = ZoneInfo(service().blog().blog.timezone)
    tab, said = _asked(sent)
    wanted = read_filter(said, zone, tab)
    wanted = replace(wanted, posts=seen_by(person()))
    return Place(wanted, words_of_filter(wanted, zone), _mark(sent.get("after", "")))


def misread_place(sent: MultiDict[str, str]) -> Place:
    """The tab that an address names with words that mean nothing: they stay in the search box."""
    tab, said = _asked(sent)
    return Place(Filter(tab, posts=seen_by(person())), said, None)


def _asked(sent: MultiDict[str, str]) -> tuple[Tab, str]:
    """The tab, and the words of the search as they were typed, or as its fields say them."""
    tab = Tab(sent["is"]) if sent.get("is") in set(Tab) else Tab.PENDING
    said = sent.get("q", "")
    if "q" not in sent and any(name in sent for name in FIELDS):
        said = words_of_fields(sent)
    return tab, said


def selection(sent: MultiDict[str, str], where: Place, one: str = "") -> Selection:
    """What a form of the queue has chosen; `one` is a single row's key and then chooses alone.

    A cluster and «all that match» end at what there was when the page was made. What it showed is
    sent in its fields, one for each row; who sends none decides on what there is.
    """
    keys = [one] if one else sent.getlist("chosen")
    within = replace(where.wanted, upto=number_of(sent.get("upto", "")))
    return Selection(
        within,
        ids=frozenset(filter(None, map(number_of, keys))),
        clusters=frozenset(
            filter(None, (number_of(key.removeprefix(_LIKE)) for key in keys if _LIKE in key))
        ),
        is_all=not one and bool(sent.get("all")),
        shown=as_shown(sent),
    )


def as_shown(sent: MultiDict[str, str]) -> AsShown:
    """What the page showed from which a form was sent."""
    fields = {
        name.removeprefix(_SHOWN): said for name, said in sent.items() if name.startswith(_SHOWN)
    }
    return AsShown(
        {number_of(key): said for key, said in fields.items()},
        {
            number_of(key.removeprefix(_LIKE)): said
            for key, said in fields.items()
            if key.startswith(_LIKE)
        },
        sent.get("shown", ""),
    )


def number_of(text: str) -> int:
    """The number that a form sends as text; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def mark_of(after: Mark | None) -> str:
    """The beginning of a page as text; `_mark` reads it."""
    return "" if after is None else f"{after[0].isoformat()}~{after[1]}"


def _mark(text: str) -> Mark | None:
    at, _, number = text.partition("~")
    try:
        instant = datetime.fromisoformat(at)
        return (instant.astimezone(UTC), number_of(number)) if instant.tzinfo else None
    except (ValueError, OverflowError):  # the year 1 in the east is none in UTC
        return None
