"""Deletes entries for ever: nothing of what they said or of who said it is left."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from ..domain.actions import Verb
from ..domain.errors import NotInThatState
from ..domain.filters import Selection
from . import comments, search
from .actions import Decider, record
from .decisions import THROWN_AWAY, named
from .removal import remove
from .schema import comments as table


def delete_on(connection: Connection, selection: Selection, decider: Decider) -> int:
    """Delete everything selected; how many that were.

    NotInThatState names what is neither spam nor in the trash, and then nothing is deleted. An
    answer to what is deleted hangs below what that answered: nothing is counted that nobody sees.
    """
    ids = search.numbers(connection, selection)
    for some in comments.portions(ids):
        _check(connection, some)
        remove(connection, some, decider.at)
    if ids:
        record(connection, decider, Verb.DELETE, named(ids), {"entries": len(ids)})
    return len(ids)


def _check(connection: Connection, ids: Sequence[int]) -> None:
    chosen = select(table.c.id, table.c.status).where(
        table.c.id.in_(ids), table.c.status.not_in(THROWN_AWAY)
    )
    elsewhere = connection.execute(chosen.order_by(table.c.id)).all()
    if elsewhere:
        listed = ", ".join(f"{id} is {status}" for id, status in elsewhere)
        raise NotInThatState(f"only what is spam or in the trash can be deleted; {listed}")
