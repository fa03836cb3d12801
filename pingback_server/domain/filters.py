"""What of the queue somebody wants to see, or decides on: a filter, as values and as words.

The words are those of the search box and of the command line: `from:ada kind:pingback "exact
words" since:2026-11-01`. Every filter can be said in words, and means the same when they are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from ipaddress import ip_network
from typing import Any
from zoneinfo import ZoneInfo

from .as_shown import AsShown
from .discussion import PINGS, Kind
from .errors import BadFilter

_WORD = re.compile(r'(?:(?P<name>[a-z]+):)?(?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))')
# What nothing that is stored has in it: SQLite and PostgreSQL would refuse to look for it.
_UNSTORED = re.compile("[\0\ud800-\udfff]")
_LONGEST = 500
_GREATEST = 10**9


class Tab(StrEnum):
    """Where in the queue: a suspect is spam by a rule's word alone, spam is so by a human's."""

    PENDING = "pending"
    SUSPECT = "suspect"
    APPROVED = "approved"
    SPAM = "spam"
    TRASH = "trash"
    ALL = "all"


OPEN = frozenset({Tab.PENDING, Tab.SUSPECT})
"""Where a decision is still to be taken: oldest first, and what is alike together."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What an entry has to be; what is empty does not choose.

    Each of `text` stands in its text, its author's name or its title. `author` and `email` are
    parts of these; `site` is a domain to which it leads, `network` the network or the beginning of
    the address from which it came; `rule` a rule that spoke. `since` is the first instant and
    `until` the first one after. `cluster` is the number of what it is like. `posts` is what a
    person may see at all, None for everything; `upto` the greatest number there was to see.
    """

    tab: Tab = Tab.PENDING
    text: tuple[str, ...] = ()
    kinds: frozenset[Kind] = frozenset()
    author: str = ""
    email: str = ""
    site: str = ""
    network: str = ""
    post: str = ""
    rule: str = ""
    cluster: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    posts: frozenset[str] | None = field(default=None, kw_only=True)
    upto: int | None = field(default=None, kw_only=True)

    @property
    def is_plain(self) -> bool:
        """Whether it chooses by nothing but the tab."""
        return self == Filter(self.tab, posts=self.posts, upto=self.upto)

    @property
    def folds(self) -> bool:
        """Whether what is alike stands in one row."""
        return self.tab in OPEN and self.cluster is None


@dataclass(frozen=True, slots=True)
class Selection:
    """What one decision is about: numbers, clusters of what is alike, or all that match.

    Clusters and all are taken from `within`, so that nobody decides on what was not there to see;
    `shown` tells what has become another since.
    """

    within: Filter
    ids: frozenset[int] = frozenset()
    clusters: frozenset[int] = frozenset()
    is_all: bool = False
    shown: AsShown = field(default_factory=AsShown)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was chosen."""
        return not (self.ids or self.clusters or self.is_all)


def chosen(*ids: int) -> Selection:
    """These numbers, wherever they stand."""
    return Selection(Filter(Tab.ALL), frozenset(ids))


def read_filter(words: str, zone: ZoneInfo, tab: Tab = Tab.PENDING) -> Filter:
    """The filter that `words` say; days are those of `zone`. BadFilter names what means nothing.

    A name that is none, as in `http://…`, is an ordinary word. A quote without its other half is
    no part of a word: none could be said in words again.
    """
    if len(words) > _LONGEST:
        raise BadFilter("", "length", str(_LONGEST))
    found = Filter(tab)
    for match in _WORD.finditer(_UNSTORED.sub("\N{REPLACEMENT CHARACTER}", words)):
        name, value = match["name"], match["quoted"] or _unquoted(match["bare"])
        if name in _READERS and value:
            found = _READERS[name](found, value, zone)
        elif text := value if match["quoted"] is not None else _unquoted(match[0]):
            found = replace(found, text=(*found.text, text))
    return found


def words_of_filter(wanted: Filter, zone: ZoneInfo, *, with_tab: bool = False) -> str:
    """The words that `read_filter` reads as this filter; without the tab unless asked for."""
    parts = [_quoted(word) for word in wanted.text]
    parts += [f"{name}:{_quoted(value)}" for name, value in _named(wanted, zone)]
    return " ".join([*([f"is:{wanted.tab}"] if with_tab else ()), *parts])


def fields_of_filter(wanted: Filter, zone: ZoneInfo) -> dict[str, str]:
    """The filter as a form has it, a field for each name, and `text` for its words alone."""
    return {"text": " ".join(map(_quoted, wanted.text)), **dict(_named(wanted, zone))}


def words_of_fields(fields: Mapping[str, str]) -> str:
    """The words that such fields say together; empty ones and others say nothing."""
    text = fields.get("text", "").strip()
    named = ((name, fields.get(name, "").strip()) for name in FIELDS if name != "text")
    return " ".join([text, *(f"{name}:{_quoted(value)}" for name, value in named if value)])


def _named(wanted: Filter, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    if wanted.kinds:
        yield "kind", "ping" if wanted.kinds == PINGS else ",".join(sorted(wanted.kinds))
    for name, attribute in _TEXTS.items():
        if value := getattr(wanted, attribute):
            yield name, value
    if wanted.cluster is not None:
        yield "like", str(wanted.cluster)
    if wanted.since is not None:
        yield "since", wanted.since.astimezone(zone).date().isoformat()
    if wanted.until is not None:
        last = wanted.until.astimezone(zone).date() - timedelta(days=1)
        yield "until", last.isoformat()


def _quoted(value: str) -> str:
    plain = _WORD.fullmatch(value)
    is_plain = plain is not None and plain["quoted"] is None and plain["name"] not in _READERS
    return value if is_plain and '"' not in value else f'"{_unquoted(value)}"'


def _unquoted(value: str | None) -> str:
    return (value or "").replace('"', "")


def _tab(found: Filter, value: str, _zone: ZoneInfo) -> Filter:
    if value not in Tab.__members__.values():
        raise BadFilter(f"is:{value}", "state", ", ".join(Tab))
    return replace(found, tab=Tab(value))


def _kinds(found: Filter, value: str, _zone: ZoneInfo) -> Filter:
    kinds: set[Kind] = set()
    for name in value.split(","):
        if name == "ping":
            kinds |= PINGS
        elif name in Kind.__members__.values():
            kinds.add(Kind(name))
        else:
            raise BadFilter(f"kind:{name}", "kind", ", ".join([*Kind, "ping"]))
    return replace(found, kinds=frozenset(kinds))


def _network(found: Filter, value: str, _zone: ZoneInfo) -> Filter:
    with suppress(ValueError):
        if "/" in value:
            ip_network(value, strict=False)
        return replace(found, network=value)
    raise BadFilter(f"net:{value}", "network", "192.0.2.0/24")


def _like(found: Filter, value: str, _zone: ZoneInfo) -> Filter:
    if not (value.isascii() and value.isdigit() and int(value[:12]) < _GREATEST):
        raise BadFilter(f"like:{value}", "number", "")
    return replace(found, cluster=int(value))


def _since(found: Filter, value: str, zone: ZoneInfo) -> Filter:
    return replace(found, since=_beginning(_day("since", value), zone))


def _until(found: Filter, value: str, zone: ZoneInfo) -> Filter:
    return replace(found, until=_beginning(_day("until", value) + timedelta(days=1), zone))


def _day(name: str, value: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = date.min
    if not 1970 <= day.year < 9000:
        raise BadFilter(f"{name}:{value}", "day", "2026-11-22")
    return day


def _beginning(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


_TEXTS = {
    "from": "author",
    "email": "email",
    "site": "site",
    "net": "network",
    "post": "post",
    "rule": "rule",
}


def _text(attribute: str) -> Callable[[Filter, str, ZoneInfo], Filter]:
    def read(found: Filter, value: str, _zone: ZoneInfo) -> Filter:
        named: dict[str, Any] = {attribute: value}
        return replace(found, **named)

    return read


_READERS: Mapping[str, Callable[[Filter, str, ZoneInfo], Filter]] = {
    **{name: _text(attribute) for name, attribute in _TEXTS.items()},
    "is": _tab,
    "kind": _kinds,
    "net": _network,
    "like": _like,
    "since": _since,
    "until": _until,
}

FIELDS = ("text", *(name for name in _READERS if name != "is"))
"""The fields of a form that says a filter."""

NAMES = tuple(_READERS)
"""The names that words of a filter may begin with."""
