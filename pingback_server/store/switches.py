"""Keeps which posts were closed or opened by hand; `arrivals` asks when a comment comes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select

from ..domain.actions import Verb
from ..domain.errors import Unavailable
from ..domain.switches import AS_SET, Switch
from . import pages
from .actions import Decider, record
from .bare import bare
from .engine import Database
from .schema import post_switches
from .writing import WritingQueue

_ALL = select(post_switches.c.post, post_switches.c.comments, post_switches.c.pings)
_ONE = _ALL.where(post_switches.c.post == bindparam("of_post"))
_FRESH_FOR = timedelta(seconds=1)


class Switches:
    """The switches of all posts; a post that has none is as its settings say."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
        self._queue = queue
        self._known: tuple[datetime, Mapping[str, Switch]] | None = None

    def all(self) -> dict[str, Switch]:
        """The switches that are set, by post."""
        with self._database.reading() as connection:
            return {post: Switch(*switch) for post, *switch in connection.execute(_ALL)}

    def recent(self, now: datetime) -> Mapping[str, Switch]:
        """The same as it was less than a second ago, or as last known while nothing can be read.

        For whoever asks at each page: a page is served whether there is a database or not.
        """
        at, known = self._known or (None, {})
        if at is None or not timedelta(0) <= now - at < _FRESH_FOR:
            with suppress(Unavailable):
                known = self.all()
            self._known = (now, known)
        return known

    def of(self, post: str) -> Switch:
        """The switch of one post."""
        with self._database.reading() as connection:
            return switch_of(connection, post)

    def set(self, post: str, switch: Switch, *, now: datetime, by: str) -> int | None:
        """Put a post's switch, in one commit with the mark on its page.

        The number of the action; None if it stood so already.
        """
        return self._queue.run(lambda c: put(c, post, switch, Decider(by, now)))


def put(connection: Connection, post: str, switch: Switch, decider: Decider) -> int | None:
    """What `Switches.set` does, in the transaction of `connection`."""
    was = switch_of(connection, post)
    if was == switch:
        return None
    turn(connection, post, switch, decider)
    details = {"was": _listed(was), "became": _listed(switch)}
    return record(connection, decider, Verb.SWITCH, post, details)


def turn(connection: Connection, post: str, switch: Switch, decider: Decider) -> None:
    """Put a switch without a line in the log, and mark the post's page."""
    connection.execute(delete(post_switches).where(post_switches.c.post == post))
    if switch != AS_SET:
        values = {"post": post, "comments": switch.comments, "pings": switch.pings}
        connection.execute(insert(post_switches).values(**values, at=decider.at, by=decider.by))
    pages.mark(bare(connection), [post], decider.at)


def switch_of(connection: Connection, post: str) -> Switch:
    """The switch of one post, in the transaction of `connection`."""
    row = connection.execute(_ONE, {"of_post": post}).first()
    return AS_SET if row is None else Switch(row.comments, row.pings)


def _listed(switch: Switch) -> list[bool | None]:
    return [switch.comments, switch.pings]
