"""What a filter of the queue is in SQL: one condition for each thing that it chooses by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from ipaddress import ip_network
from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, and_, exists, func, or_, select, true
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import FromClause

from ..domain.discussion import Status
from ..domain.filters import Filter, Tab
from ..domain.folding import folded as folded_text
from ..domain.hosts import spellings_of
from .schema import GREATEST_ID, comments, searched_words

_OF_ASCII = re.compile(r"[\x00-\x7f]+")
_LETTERS = "'øđłı’', 'odli'''"
# The accents that letters are taken apart into, and what parts words for programs alone.
_UNSEEN = r"[\u0300-\u036f\u00ad\u200b-\u200f\u2060-\u2064\ufeff]"
# In a URL: what comes before a domain in its host, or what ends the host.
_WITHIN = r"""(//|mailto:)([^/?#\s"'<>\\]*[.@])?"""
_END = r"""\.?(:[0-9]*)?([/?#\s"'<>\\]|$)"""


class folded(FunctionElement[str]):
    """A short text without case and accents; long ones are kept as `domain.folding` has them."""

    type = String()
    inherit_cache = True
    name = "folded"


@compiles(folded, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    # A function that `engine` gives to each connection.
    return f"folded({compiler.process(element.clauses, **options)})"


@compiles(folded, "postgresql")
def _in_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    plain = f"replace(replace(replace(lower({text}), 'ß', 'ss'), 'œ', 'oe'), 'æ', 'ae')"
    letters = f"translate(lower(normalize({plain}, NFKD)), {_LETTERS})"
    return rf"regexp_replace({letters}, '{_UNSEEN}', '', 'g')"


class lies_in(FunctionElement[bool]):
    """Whether an address is one of a network, both as text: `domain.senders` has it."""

    type = Boolean()
    inherit_cache = True
    name = "lies_in"


@compiles(lies_in, "sqlite")
def _lies_in_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"lies_in({compiler.process(element.clauses, **options)})"


@compiles(lies_in, "postgresql")
def _lies_in_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    ip, network = (compiler.process(clause, **options) for clause in element.clauses)
    address = f"split_part({ip}, '%%', 1)::inet"  # without the zone of a link-local one
    return f"(CASE WHEN {ip} <> '' THEN {address} <<= CAST({network} AS inet) ELSE false END)"


def matching(wanted: Filter, table: FromClause = comments) -> ColumnElement[bool]:
    """The condition that a row of `table` (the comments, or an alias of them) matches `wanted`."""
    return and_(true(), *_conditions(wanted, table.c))


def cluster_of(table: FromClause = comments) -> ColumnElement[int]:
    """The number under which an entry stands together with what it is like."""
    return func.coalesce(table.c.cluster, table.c.id)


def in_tab(tab: Tab, table: FromClause = comments) -> ColumnElement[bool]:
    """The condition that a row of `table` stands there."""
    status, decided_at = table.c.status, table.c.decided_at
    if tab is Tab.ALL:
        return true()
    if tab is Tab.SUSPECT:
        return and_(status == Status.SPAM, decided_at.is_(None))
    if tab is Tab.SPAM:
        return and_(status == Status.SPAM, decided_at.is_not(None))
    return status == Status(tab.value)


def _conditions(wanted: Filter, c: Any) -> Iterator[ColumnElement[bool]]:
    yield in_tab(wanted.tab, c.id.table)
    if wanted.posts is not None:
        yield c.post.in_(sorted(wanted.posts))
    if wanted.post:
        yield c.post == wanted.post
    if wanted.kinds:
        yield c.kind.in_(sorted(wanted.kinds))
    if wanted.cluster is not None:
        cluster = _stands_under(min(wanted.cluster, GREATEST_ID))
        yield or_(c.cluster == cluster, c.id == cluster)
    if wanted.since is not None:
        yield c.at >= wanted.since
    if wanted.until is not None:
        yield c.at < wanted.until
    if wanted.upto is not None:
        yield c.id <= min(wanted.upto, GREATEST_ID)
    yield from _of_texts(wanted, c)


def _stands_under(number: int) -> ColumnElement[int]:
    """The number under which the entry `number` stands together with what it is like."""
    entry = comments.alias("entry")
    return select(cluster_of(entry)).where(entry.c.id == number).scalar_subquery()


def _of_texts(wanted: Filter, c: Any) -> Iterator[ColumnElement[bool]]:
    if wanted.network:
        yield _came_from(wanted.network, c)
    if wanted.rule:
        # As `json` writes the list of what each rule said.
        yield sql_cast(c.reasons, String).contains(f'["{wanted.rule}", ', autoescape=True)
    if wanted.site:
        names = spellings_of(wanted.site.lower().removeprefix("www."))
        yield or_(*(_leads_to(place, names) for place in (c.url, c.author_url, c.html)))
    if wanted.author:
        yield _has(c.author, wanted.author)
    if wanted.email:
        yield _has(c.email, wanted.email)
    if wanted.text:
        said = searched_words.c.words
        words = (said.contains(folded_text(word), autoescape=True) for word in wanted.text)
        yield exists().where(searched_words.c.comment == c.id, *words)


def _came_from(network: str, c: Any) -> ColumnElement[bool]:
    """Whether it came from this address, this network, or from addresses that begin so.

    A beginning ends where a number does: `10.0.0.1` is not `10.0.0.11`.
    """
    with suppress(ValueError):
        whole = ip_network(network, strict=False)
        named: ColumnElement[bool]
        if whole.prefixlen == whole.max_prefixlen:
            named = c.ip == str(whole.network_address)
        else:
            named = or_(c.network == str(whole), lies_in(c.ip, str(whole)))
        return named
    beginnings = [network] if network.endswith((".", ":")) else [f"{network}.", f"{network}:"]
    begins = (c.ip.startswith(one, autoescape=True) for one in beginnings)
    return or_(c.network == network, *begins)


def _leads_to(place: ColumnElement[str], names: Sequence[str]) -> ColumnElement[bool]:
    """Whether there is a link to the domain of these names, or to one below it.

    Most places have not even its letters, which is found sooner: those of ASCII, for SQLite knows
    no capitals of others.
    """
    letters = (max(_OF_ASCII.findall(name), key=len, default="") for name in names)
    link = f"(?i){_WITHIN}({'|'.join(map(_in_any_case, names))}){_END}"
    return and_(
        or_(*(place.icontains(one, autoescape=True) for one in dict.fromkeys(letters))),
        place.regexp_match(link),
    )


def _in_any_case(name: str) -> str:
    """An expression for `name`, also where a database knows no capitals beyond ASCII."""
    return "".join(map(_sign_in_any_case, name))


def _sign_in_any_case(sign: str) -> str:
    # That of `ß` is two letters, which would be another name.
    capital = sign if sign.isascii() or len(sign.upper()) > 1 else sign.upper()
    return re.escape(sign) if capital == sign else f"[{sign}{capital}]"


def _has(text: ColumnElement[str], part: str) -> ColumnElement[bool]:
    """Whether `part` stands in `text`, whatever the case and the accents of either."""
    found: ColumnElement[bool] = folded(text).contains(folded_text(part), autoescape=True)
    return found
