"""Deletes entries for ever: nothing of what they said or of who said it is left."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from ..domain.actions import Verb
from ..domain.errors import NotAsShown, NotInThatState
from ..domain.filters import Selection
from . import choosing, comments, fingerprints
from .actions import Decider, record
from .decisions import THROWN_AWAY, named
from .removal import remove
from .schema import comments as table


def delete_on(
    connection: Connection, selection: Selection, decider: Decider, *, asked: str = ""
) -> int:
    """Delete everything selected; how many that were.

    NotInThatState names what is neither spam nor in the trash; NotAsShown if what is selected has
    not the fingerprint that was `asked` about, if there is one. Then nothing is deleted. An
    answer to what is deleted hangs below what that answered: nothing is counted that nobody sees.
    """
    choice = choosing.choose(connection, selection)
    ids = choice.ids
    if choice.changed or (asked and asked != fingerprints.of_numbers(connection, ids)):
        raise NotAsShown("what would be deleted is not what it was when it was asked about")
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
