"""Takes a comment whose preview was confirmed: the preview is spent in the comment's own commit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from ..domain.discussion import Submission, Verdict
from ..domain.errors import Refused, Spent
from .arrivals import Added, Arrival, add_all, arrival
from .bare import bare
from .schema import spent
from .writing import WritingQueue


class Confirmed:
    """Comments that come with a preview, each of which is good for one."""

    def __init__(self, queue: WritingQueue) -> None:
        self._queue = queue

    def add(
        self,
        submission: Submission,
        verdict: Verdict,
        now: datetime,
        *,
        nonce: str,
        expires_at: datetime,
    ) -> Added:
        """Keep the comment, as `Store.add` does, and spend the preview `nonce`.

        The same comment once more is the first one's number; Spent for another one. `expires_at` is
        when the preview could not be confirmed any more, so that nothing has to be kept of it.
        """
        arrived = arrival(submission, verdict, now)
        added = self._queue.run(lambda c: _add(c, arrived, nonce, expires_at))
        if isinstance(added, Refused):
            raise added
        return added


def _add(
    connection: Connection, arrived: Arrival, nonce: str, expires_at: datetime
) -> Added | Refused:
    connection.execute(delete(spent).where(spent.c.expires_at < arrived.at))
    is_spent = connection.execute(select(spent.c.nonce).where(spent.c.nonce == nonce)).first()
    (added,) = add_all(bare(connection), [arrived])
    if isinstance(added, Refused):
        return added
    if is_spent and not added.is_repeat:
        raise Spent("this preview was confirmed before")
    if not is_spent:
        connection.execute(insert(spent).values(nonce=nonce, expires_at=expires_at))
    return added
