"""How what was said becomes a discussion: replies nested below what they answer."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from .discussion import Comment, Gone, Item, Ping, Response

_Remark = Comment | Gone


@dataclass(frozen=True, slots=True)
class Node:
    """An item of a thread with its replies, oldest first; `depth` counts from 1."""

    item: Item
    depth: int
    replies: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Discussion:
    """The public conversation under one post, oldest first.

    `pings` are those that are listed apart; `reactions` are likes, reposts and bookmarks, which
    are no items of it.
    """

    threads: tuple[Node, ...] = ()
    pings: tuple[Ping, ...] = ()
    reactions: tuple[Ping, ...] = ()

    @property
    def count(self) -> int:
        """How many items are listed: the one number that stands wherever a count stands."""
        return sum(node.item.is_counted for node in self)

    def __iter__(self) -> Iterator[Node]:
        """All nodes in the order in which they are read, pings listed apart at the end."""
        yield from in_order(self.threads)
        for ping in self.pings:
            yield Node(ping, 1, ())

    def reacted(self, response: Response | str) -> tuple[Ping, ...]:
        """The reactions of one kind."""
        return tuple(ping for ping in self.reactions if ping.response == response)


def in_order(threads: Iterable[Node]) -> Iterator[Node]:
    """All nodes of `threads` in the order in which they are read."""
    waiting = list(reversed(tuple(threads)))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.replies))


def thread(items: Iterable[Item], depth: int, *, pings_apart: bool = False) -> Discussion:
    """Nest `items` (any order) at most `depth` levels deep, oldest first on each level.

    A ping stands at the top, among the comments or apart. So does a reply whose parent is no
    comment among them; replies to a comment on the deepest level stand beside it. Each item is
    listed once, whatever the parents say: where they lead round in a circle, one of it stands at
    the top. What is gone keeps its place as long as a comment answers it.
    """
    ordered = sorted(items, key=_order)
    listed = tuple(item for item in ordered if isinstance(item, Ping) and item.is_counted)
    reactions = tuple(item for item in ordered if isinstance(item, Ping) and not item.is_counted)
    nested = _nested(_answered([item for item in ordered if not isinstance(item, Ping)]), depth)
    if pings_apart:
        return Discussion(nested, listed, reactions)
    mixed = [*nested, *(Node(ping, 1, ()) for ping in listed)]
    return Discussion(tuple(sorted(mixed, key=lambda node: _order(node.item))), (), reactions)


def _order(item: Item) -> tuple[datetime, bool, int, str]:
    """By date; at the same instant by number, and what has none comes last."""
    return item.at, item.id is None, item.id or 0, item.anchor


def _answered(remarks: list[_Remark]) -> list[_Remark]:
    """Without what is gone and no comment answers; what stood above it takes what stood below."""
    wanted = {one.parent for one in remarks if isinstance(one, Comment)}
    idle = {one.id: one.parent for one in remarks if one.is_gone and one.id not in wanted}
    return [
        replace(one, parent=_above(one, idle)) if isinstance(one, Gone) else one
        for one in remarks
        if one.id not in idle
    ]


def _above(gone: Gone, idle: Mapping[int, int | None]) -> int | None:
    """The nearest parent of `gone` that has a place."""
    parent, seen = gone.parent, set[int]()
    while parent is not None and parent in idle and parent not in seen:
        seen.add(parent)
        parent = idle[parent]
    return parent


def _nested(ordered: list[_Remark], depth: int) -> tuple[Node, ...]:
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
    children: dict[int | None, list[_Remark]] = {}
    for comment in ordered:
        children.setdefault(hooks[comment.id], []).append(comment)
    return _nodes(children)


def _unplaced(
    comment: _Remark, known: Mapping[int, _Remark], placed: Container[int]
) -> list[_Remark]:
    """This comment and those above it that have no place yet, outermost first."""
    path: dict[int, _Remark] = {}
    above: _Remark | None = comment
    while above is not None and above.id not in path and above.id not in placed:
        path[above.id] = above
        above = None if above.parent is None else known.get(above.parent)
    if above is None or above.id in placed:
        return list(reversed(path.values()))
    return [path.pop(above.id), *reversed(path.values())]


def _nodes(children: dict[int | None, list[_Remark]]) -> tuple[Node, ...]:
    """Build the tree from the leaves up, without recursion: threads may be long."""
    levels: dict[int | None, int] = {None: 0}
    order: list[_Remark] = []
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
