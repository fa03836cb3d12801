"""What a discussion is: comments, their states, and the thread they form under a post."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from markupsafe import Markup


class Kind(StrEnum):
    """What an item of the moderation queue is."""

    COMMENT = "comment"


class Status(StrEnum):
    """Where an item stands; only what is approved is public."""

    PENDING = "pending"
    APPROVED = "approved"
    SPAM = "spam"
    TRASH = "trash"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an item was held: the rule's name, and the same in words for the author."""

    rule: str
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy makes of a submission: the state it enters in, and every rule that spoke."""

    status: Status
    reasons: tuple[Reason, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as the moderator sees it, private fields included; no public template gets it."""

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


@dataclass(frozen=True, slots=True)
class Comment:
    """An approved comment as everybody may see it: it has no e-mail, no address, nothing private.

    `id` is the number in its anchor `#comment-N` and never changes; `html` is safe to publish.
    """

    id: int
    parent: int | None
    author: str
    url: str
    html: Markup
    at: datetime
    is_by_author: bool


@dataclass(frozen=True, slots=True)
class Node:
    """A comment of a thread with its replies, oldest first; `depth` counts from 1."""

    comment: Comment
    depth: int
    replies: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Discussion:
    """The public conversation under one post."""

    threads: tuple[Node, ...] = ()

    @property
    def count(self) -> int:
        """How many items are listed: the one number that stands wherever a count stands."""
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Node]:
        """All nodes in the order in which they are read."""
        waiting = list(reversed(self.threads))
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.replies))


def thread(comments: Iterable[Comment], depth: int) -> Discussion:
    """Nest `comments` (any order) at most `depth` levels deep, oldest first on each level.

    A reply whose parent is not among them stands at the top; replies to a comment on the deepest
    level stand beside it. Each comment is listed once, whatever the parents say: where they lead
    round in a circle, one of it stands at the top.
    """
    ordered = sorted(comments, key=lambda comment: (comment.at, comment.id))
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
    return Discussion(_nodes(children))


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
