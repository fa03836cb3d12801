"""What a discussion is: comments and pings, their states, and the thread they form."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from markupsafe import Markup

_SPACE = re.compile("[\t\n\f\r ]+")


class Kind(StrEnum):
    """What an item of the moderation queue is; messages and reports are never public."""

    COMMENT = "comment"
    PINGBACK = "pingback"
    TRACKBACK = "trackback"
    WEBMENTION = "webmention"
    MESSAGE = "message"
    REPORT = "report"


PRIVATE = frozenset({Kind.MESSAGE, Kind.REPORT})
"""The kinds that no decision makes public."""

PINGS = frozenset({Kind.PINGBACK, Kind.TRACKBACK, Kind.WEBMENTION})
"""The kinds by which another page says that it links here."""


class Response(StrEnum):
    """What a page that links here is to the post (microformats: response type discovery)."""

    MENTION = "mention"
    REPLY = "reply"
    LIKE = "like"
    REPOST = "repost"
    BOOKMARK = "bookmark"


class Status(StrEnum):
    """Where an item stands; only what is approved is public."""

    PENDING = "pending"
    APPROVED = "approved"
    SPAM = "spam"
    TRASH = "trash"


@dataclass(frozen=True, slots=True)
class Reason:
    """What a rule said of an item: its name, the same in words for the author, its score.

    A score above zero speaks for spam, one below for an honest comment; most rules give none.
    """

    rule: str
    words: str
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy makes of a submission: the state it enters in, and every rule that spoke."""

    status: Status
    reasons: tuple[Reason, ...] = ()

    @property
    def score(self) -> float:
        """The sum of what the rules said."""
        return sum(reason.score for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Whence:
    """Where something was sent from. Private.

    `ip` is the whole address, `network` the part of it that a provider gives to one customer (/24,
    /56); `browser` is the digest of the token of a browser that asked to be remembered.
    """

    ip: str = ""
    network: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody sent, checked and made safe, before it has a number. Private."""

    post: str
    parent: int | None
    author: str
    email: str
    url: str
    text: str
    html: str
    is_by_author: bool = False
    kind: Kind = Kind.COMMENT
    whence: Whence = Whence()


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as the moderator sees it, private fields included; no public template gets it.

    Of a ping, `title` is its page's own title, `url` that page and `target` what it links to;
    `response` says what it is to the post, `site`, `author_url` and `language` what its page says.
    `origin` is the name under which an import brought it, None for what arrived here. `score` is
    the sum of what the rules said, `cluster` the number of the first item that it is nearly the
    same as. `decided_at` is None as long as no human put it into its state; `edited_at` is when
    its text last changed, None if it never did.
    """

    id: int
    kind: Kind
    status: Status
    post: str
    parent: int | None
    author: str
    email: str
    url: str
    text: str
    html: str
    at: datetime
    is_by_author: bool
    reasons: tuple[Reason, ...]
    title: str = ""
    target: str = ""
    origin: str | None = None
    response: Response = Response.MENTION
    site: str = ""
    author_url: str = ""
    language: str = ""
    whence: Whence = Whence()
    score: float = 0.0
    cluster: int | None = None
    decided_at: datetime | None = None
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """An approved comment as everybody may see it: it has no e-mail, no address, nothing private.

    `id` is the number in its anchor `#comment-N` and never changes; `html` is safe to publish.
    """

    is_ping: ClassVar[bool] = False

    id: int
    parent: int | None
    author: str
    url: str
    html: Markup
    at: datetime
    is_by_author: bool

    @property
    def anchor(self) -> str:
        """What follows `#` in its address."""
        return f"comment-{self.id}"


@dataclass(frozen=True, slots=True)
class Ping:
    """Another page that links here, as everybody may see it.

    `title` is that page's own, `source` its whole address. A post of this blog that links to
    another has no `id`; its own is in `page`, and the blog needs no network to know of it.
    """

    is_ping: ClassVar[bool] = True

    id: int | None
    kind: Kind
    title: str
    source: str
    at: datetime
    page: str = ""

    @property
    def anchor(self) -> str:
        """What follows `#` in its address."""
        if self.id is not None:
            return f"comment-{self.id}"
        return f"ping-{hashlib.sha256(self.page.encode()).hexdigest()[:10]}"


Item = Comment | Ping


def folded(title: str) -> str:
    """A page's own title as a ping shows it: verbatim, but for the white space of HTML (§3.2.5)."""
    return _SPACE.sub(" ", title).strip(" ")


@dataclass(frozen=True, slots=True)
class Node:
    """An item of a thread with its replies, oldest first; `depth` counts from 1."""

    item: Item
    depth: int
    replies: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Discussion:
    """The public conversation under one post; `pings` are those that are listed apart."""

    threads: tuple[Node, ...] = ()
    pings: tuple[Ping, ...] = ()

    @property
    def count(self) -> int:
        """How many items are listed: the one number that stands wherever a count stands."""
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Node]:
        """All nodes in the order in which they are read, pings listed apart at the end."""
        waiting = list(reversed(self.threads))
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.replies))
        for ping in self.pings:
            yield Node(ping, 1, ())


def thread(items: Iterable[Item], depth: int, *, pings_apart: bool = False) -> Discussion:
    """Nest `items` (any order) at most `depth` levels deep, oldest first on each level.

    A ping stands at the top, among the comments or apart. So does a reply whose parent is no
    comment among them; replies to a comment on the deepest level stand beside it. Each item is
    listed once, whatever the parents say: where they lead round in a circle, one of it stands at
    the top.
    """
    ordered = sorted(items, key=_order)
    pings = tuple(item for item in ordered if isinstance(item, Ping))
    nested = _nested([item for item in ordered if isinstance(item, Comment)], depth)
    if pings_apart:
        return Discussion(nested, pings)
    mixed = [*nested, *(Node(ping, 1, ()) for ping in pings)]
    return Discussion(tuple(sorted(mixed, key=lambda node: _order(node.item))))


def _order(item: Item) -> tuple[datetime, bool, int, str]:
    """By date; at the same instant by number, and what has none comes last."""
    return item.at, item.id is None, item.id or 0, item.anchor


def _nested(ordered: list[Comment], depth: int) -> tuple[Node, ...]:
    """The comments below what they answer; `ordered` is oldest first."""
    known = {comment.id: comment for comment in ordered}
    levels: dict[int, int] = {}
    hooks: dict[int, int | None] = {}
    for comment in ordered:
        for one in _unplaced(comment, known, levels):
            parent = one.parent if one.parent in levels else None
            hook = hooks[parent] if parent is not None and levels[parent] >= depth else parent
            hooks[one.id] = hook
            levels[one.id] = 1 if hook is None else levels[hook] + 1
    children: dict[int | None, list[Comment]] = {}
    for comment in ordered:
        children.setdefault(hooks[comment.id], []).append(comment)
    return _nodes(children)


def _unplaced(
    comment: Comment, known: Mapping[int, Comment], placed: Container[int]
) -> list[Comment]:
    """This comment and those above it that have no place yet, outermost first."""
    path: dict[int, Comment] = {}
    above: Comment | None = comment
    while above is not None and above.id not in path and above.id not in placed:
        path[above.id] = above
        above = None if above.parent is None else known.get(above.parent)
    if above is None or above.id in placed:
        return list(reversed(path.values()))
    return [path.pop(above.id), *reversed(path.values())]


def _nodes(children: dict[int | None, list[Comment]]) -> tuple[Node, ...]:
    """Build the tree from the leaves up, without recursion: threads may be long."""
    levels: dict[int | None, int] = {None: 0}
    order: list[Comment] = []
    waiting: list[int | None] = [None]
    while waiting:
        hook = waiting.pop()
        for comment in children.get(hook, ()):
            levels[comment.id] = levels[hook] + 1
            order.append(comment)
            waiting.append(comment.id)
    built: dict[int, Node] = {}
    for comment in reversed(order):
        replies = tuple(built[child.id] for child in children.get(comment.id, ()))
        built[comment.id] = Node(comment, levels[comment.id], replies)
    return tuple(built[comment.id] for comment in children.get(None, ()))
