"""The author is told that something waits."""

from __future__ import annotations

from collections.abc import Callable

from ..domain.discussion import PRIVATE, Status
from ..domain.errors import NoSuchComment
from ..store import Job, Store


def tell_author(job: Job, store: Store, tell: Callable[[str], None]) -> None:
    """Tell the author of the comment that `job` is about, if it still waits."""
    try:
        entry = store.entry(job.subject)
    except NoSuchComment:
        return
    if entry.status is Status.PENDING:
        does = "keeps it as read" if entry.kind in PRIVATE else "publishes it"
        # What is told stands in a log, which outlives what is erased: it names nobody.
        tell(
            f"{entry.kind} {entry.id} on {entry.post} waits: "
            f"`permalien queue` shows it, `permalien approve {entry.id}` {does}"
        )
