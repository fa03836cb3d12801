"""An entry as a row of the queue shows it: what a decision needs, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from ...domain.as_shown import digest_of_entry
from ...domain.discussion import PINGS, PRIVATE, Entry, Kind, Status
from ...domain.filters import Filter, Tab
from ...domain.hosts import hosts_of
from ...domain.markup import plain_text, stored
from ...domain.posts import Post
from ...domain.rulings import RulingKind
from ...languages import Words, later
from ...store import Row
from .reasons import told

KINDS = {
    Kind.COMMENT: later("Comment"),
    Kind.PINGBACK: later("Pingback"),
    Kind.TRACKBACK: later("Trackback"),
    Kind.WEBMENTION: later("Webmention"),
    Kind.MESSAGE: later("Message"),
    Kind.REPORT: later("Reader’s report"),
}
_QUOTED = 160
# Its second sign is what stands before tenths.
_ONE_AND_A_HALF = later("1.5")
_AGES = (
    (timedelta(days=2), timedelta(days=1), later("%(n)s d")),
    (timedelta(hours=1), timedelta(hours=1), later("%(n)s h")),
    (timedelta(0), timedelta(minutes=1), later("%(n)s min")),
)


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be blocked or trusted; `value` is what the form sends."""

    kind: RulingKind
    subject: str
    value: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A row. `key` is what its checkbox stands for: its number, or all that is like it.

    `seen` has the digest of what the row shows and, where it stands for more, the fingerprint of
    that, by the key of each.
    """

    entry: Entry
    key: str
    seen: Mapping[str, str]
    alike: int
    kind: str
    who: str
    html: Markup
    age: str
    post: Post | None
    links: Sequence[str]
    parent_author: str
    parent_text: str
    reasons: Sequence[tuple[str, str]]
    is_suspect: bool
    may_answer: bool
    may_edit: bool
    blockable: Sequence[Target]
    trustable: Sequence[Target]


def shown(row: Row, wanted: Filter, posts: Mapping[str, Post], now: datetime, t: Words) -> Shown:
    """The row of one entry, seen through `wanted`."""
    entry, parent = row.entry, row.parent
    is_ping = entry.kind in PINGS
    cluster = entry.cluster or entry.id
    key = f"like-{cluster}" if row.alike and wanted.folds else str(entry.id)
    return Shown(
        entry=entry,
        key=key,
        seen={key: row.fingerprint, str(entry.id): digest_of_entry(entry)},
        alike=row.alike,
        kind=t(KINDS[entry.kind]),
        who=entry.author or (entry.site if is_ping else ""),
        html=stored(entry.html),
        age=age(now - entry.at, t),
        post=posts.get(entry.post),
        links=hosts_of(entry.html) if not is_ping else (),
        parent_author=parent.author if parent else "",
        parent_text=_quoted(plain_text(parent.html)) if parent else "",
        reasons=[(told(reason.words, t), _points(reason.score, t)) for reason in entry.reasons],
        is_suspect=entry.status is Status.SPAM and entry.decided_at is None,
        may_answer=entry.kind is Kind.COMMENT and entry.status not in _THROWN,
        may_edit=entry.kind not in PRIVATE,
        blockable=_targets(entry, _BLOCKABLE),
        trustable=_targets(entry, _TRUSTABLE[is_ping]),
    )


def shown_alone(entry: Entry, posts: Mapping[str, Post], now: datetime, t: Words) -> Shown:
    """The row of one entry on a page of its own."""
    return shown(Row(entry, None, 0), Filter(Tab.ALL), posts, now, t)


_THROWN = {Status.SPAM, Status.TRASH}
_BLOCKABLE = (RulingKind.DOMAIN, RulingKind.EMAIL, RulingKind.NETWORK)
_TRUSTABLE = {True: (RulingKind.DOMAIN,), False: (RulingKind.BROWSER,)}


def subjects(entry: Entry, kind: RulingKind) -> Sequence[str]:
    """What of an entry can be blocked or trusted as being of this kind."""
    if kind is RulingKind.DOMAIN:
        return hosts_of(entry.url, entry.author_url, entry.html)
    one = {
        RulingKind.EMAIL: entry.email,
        RulingKind.NETWORK: entry.whence.network,
        RulingKind.BROWSER: entry.whence.browser,
    }.get(kind, "")
    return [one] if one else []


def _targets(entry: Entry, kinds: Sequence[RulingKind]) -> list[Target]:
    return [
        Target(kind, subject, f"{entry.id}:{kind}:{subject}")
        for kind in kinds
        for subject in subjects(entry, kind)
    ]


def age(span: timedelta, t: Words) -> str:
    """How long ago something was, in the greatest unit that fits."""
    for least, unit, text in _AGES:
        if span >= least:
            return t(text, n=max(1, span // unit))
    return t(_AGES[-1][2], n=1)


def _points(score: float, t: Words) -> str:
    """A score as people write it, «+1,5»; nothing for none."""
    return f"{score:+.1f}".replace(".", t(_ONE_AND_A_HALF)[1]).replace("-", "−") if score else ""


def _quoted(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED].rsplit(' ', 1)[0]} …"


TABS = {
    Tab.PENDING: later("Pending"),
    Tab.SUSPECT: later("Suspects"),
    Tab.APPROVED: later("Approved"),
    Tab.SPAM: later("Spam"),
    Tab.TRASH: later("Trash"),
}
