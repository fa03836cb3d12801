"""Deletes what is kept long enough, in small commits, and remembers how the clock has gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from ..domain.discussion import PRIVATE, Status
from ..domain.retention import Clock, Limits
from ..domain.retention import seen as seen_to_say
from . import avatars, browsers, removal
from .actions import Decider, record
from .engine import Database
from .schema import (
    actions,
    comments,
    decisions,
    failed_attempts,
    likenesses,
    pings,
    purges,
    revisions,
    sessions,
    sign_in_links,
    spent,
)
from .writing import WritingQueue

AT_ONCE = 200
"""How many rows are deleted in one commit: others write in between."""

# A ping is of the day on which its page was published, which may be long before it came.
_CAME = select(func.max(pings.c.received_at)).where(pings.c.comment == comments.c.id)
_SINCE = func.coalesce(comments.c.decided_at, _CAME.scalar_subquery(), comments.c.at)
_CLOCK = select(purges.c.seen_at, purges.c.steady_since, purges.c.purged_at)

_Step = Callable[[Connection, Limits], int]


class Retention:
    """What is kept, and until when."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
        self._queue = queue

    def look(self, now: datetime) -> Clock:
        """Write down what the clock says; how it has gone so far."""
        return self._queue.run(lambda c: _look(c, now))

    def steps(self) -> tuple[str, ...]:
        """What there is to delete, in this order."""
        return tuple(_STEPS)

    def delete_some(self, step: str, limits: Limits) -> int:
        """Delete at most `AT_ONCE` of what is over, in one commit; how many these were."""
        return self._queue.run(lambda c: _STEPS[step](c, limits))

    def done(self, counts: Mapping[str, int], *, now: datetime, by: str) -> None:
        """Write down that all that was over is deleted, and in the log what that was."""
        self._queue.run(lambda c: _done(c, dict(counts), Decider(by, now)))


def _look(connection: Connection, now: datetime) -> Clock:
    row = connection.execute(_CLOCK).first()
    clock = seen_to_say(None if row is None else Clock(*row), now)
    values = {"seen_at": clock.seen_at, "steady_since": clock.steady_since}
    connection.execute(
        insert(purges).values(id=1, **values) if row is None else update(purges).values(values)
    )
    return clock


def _done(connection: Connection, counts: dict[str, int], decider: Decider) -> None:
    connection.execute(update(purges).values(purged_at=decider.at))
    if counts:
        record(connection, decider, "purge", "", counts)


def _lies_since_before(limit: datetime) -> ColumnElement[bool]:
    """Whether it has stood where it is since before: undoing brings back its time, not its wait."""
    was_put_back = exists().where(
        decisions.c.comment == comments.c.id,
        decisions.c.action == actions.c.id,
        actions.c.undone_at >= limit,
    )
    return and_(limit > _SINCE, ~was_put_back)


def _spam(connection: Connection, limits: Limits) -> int:
    """Suspects count from when they came, what a human called spam from then on."""
    is_over = and_(comments.c.status == Status.SPAM, _lies_since_before(limits.spam))
    return _remove(connection, select(comments.c.id).where(is_over), limits)


def _trash(connection: Connection, limits: Limits) -> int:
    is_over = and_(comments.c.status == Status.TRASH, _lies_since_before(limits.trash))
    return _remove(connection, select(comments.c.id).where(is_over), limits)


def _messages(connection: Connection, limits: Limits) -> int:
    """What nobody has decided on waits as long as it has to."""
    is_over = and_(
        comments.c.kind.in_(PRIVATE),
        comments.c.status == Status.APPROVED,
        comments.c.decided_at.is_not(None),
        _lies_since_before(limits.messages),
    )
    return _remove(connection, select(comments.c.id).where(is_over), limits)


def _addresses(connection: Connection, limits: Limits) -> int:
    has_one = or_(comments.c.ip != "", comments.c.network != "")
    over = select(comments.c.id).where(comments.c.at < limits.addresses, has_one)
    ids = connection.scalars(over.limit(AT_ONCE)).all()
    emptied = update(comments).where(comments.c.id.in_(ids)).values(ip="", network="")
    connection.execute(emptied)
    return len(ids)


def _addresses_of_pings(connection: Connection, limits: Limits) -> int:
    is_over = and_(pings.c.received_at < limits.addresses, pings.c.network != "")
    ids = connection.scalars(select(pings.c.id).where(is_over).limit(AT_ONCE)).all()
    connection.execute(update(pings).where(pings.c.id.in_(ids)).values(network=""))
    return len(ids)


def _browsers(connection: Connection, limits: Limits) -> int:
    """The digest of a browser from which nothing came any more as long as its cookie lasts.

    What was marked as spam of it counts until then.
    """
    lately = select(comments.c.browser).where(comments.c.at >= limits.browsers)
    is_over = and_(comments.c.browser != "", comments.c.browser.not_in(lately))
    ids = connection.scalars(select(comments.c.id).where(is_over).limit(AT_ONCE)).all()
    connection.execute(update(comments).where(comments.c.id.in_(ids)).values(browser=""))
    return len(ids) + browsers.forget_marks(connection)


def _log(connection: Connection, limits: Limits) -> int:
    over = select(actions.c.id).where(actions.c.at < limits.log).limit(AT_ONCE)
    ids = connection.scalars(over).all()
    connection.execute(update(decisions).where(decisions.c.action.in_(ids)).values(action=None))
    connection.execute(delete(actions).where(actions.c.id.in_(ids)))
    return len(ids)


def _remove(connection: Connection, over: Select[Any], limits: Limits) -> int:
    ids = list(connection.scalars(over.order_by(comments.c.id).limit(AT_ONCE)))
    removal.remove(connection, ids, limits.now)
    return len(ids)


def _of(table: Table, key: str, moment: str, limit: str) -> _Step:
    """Deletes the rows of `table` whose `moment` lies before the limit of that name."""

    def delete_rows(connection: Connection, limits: Limits) -> int:
        over = select(table.c[key]).where(table.c[moment] < getattr(limits, limit))
        keys = connection.scalars(over.limit(AT_ONCE)).all()
        connection.execute(delete(table).where(table.c[key].in_(keys)))
        return len(keys)

    return delete_rows


_STEPS: dict[str, _Step] = {
    "spam": _spam,
    "trash": _trash,
    "messages": _messages,
    "earlier wordings": _of(revisions, "id", "at", "trash"),
    "addresses": _addresses,
    "addresses of pings": _addresses_of_pings,
    "browsers": _browsers,
    "likenesses": _of(likenesses, "id", "at", "spam"),
    "log": _log,
    "failed sign-ins": _of(failed_attempts, "id", "at", "trash"),
    "sessions": _of(sessions, "id", "expires_at", "now"),
    "sign-in links": _of(sign_in_links, "digest", "expires_at", "now"),
    "pictures": lambda connection, _limits: avatars.forget_unused(connection, AT_ONCE),
    "previews": _of(spent, "nonce", "expires_at", "now"),
}
