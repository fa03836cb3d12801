"""How what was said becomes a discussion: replies nested below what they answer."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from .discussion import Comment, Item, Ping


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
