"""Work to be done later, kept beside what asked for it: taken with leases, retried, not lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, select, update
from sqlalchemy.sql.elements import ColumnElement

from .bare import Bare
from .schema import JobState, outbox, text_of

ATTEMPTS = 8
"""How often a job is begun before it is given up and kept for the operator to see."""

VERIFY = "verify"
"""The kind of job that reads a ping's source, which is handed out by `verifying` alone."""

FIRST_PAUSE = timedelta(seconds=10)
"""How long a job rests after its first failure; the pause doubles with each further one."""


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work as its holder sees it: what to do (`kind`) to which comment (`subject`).

    `attempts` counts from 1 and tells this holding of the job from every other one.
    """

    id: int
    kind: str
    subject: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Lease:
    """Who takes a job, and until when it is theirs alone."""

    by: str
    until: datetime


def post(cursor: Bare, kind: str, subjects: Iterable[int], at: datetime) -> None:
    """Ask for the work `kind` on each of `subjects`, due at once."""
    due_at = text_of(at)
    jobs = [(kind, subject, JobState.WAITING.value, 0, due_at) for subject in subjects]
    cursor.insert("outbox", ("kind", "subject", "state", "attempts", "due_at"), jobs)


def is_any_due(connection: Connection, now: datetime) -> bool:
    """Whether there is a job to take, found out without becoming a writer."""
    due = select(outbox.c.id).where(_is_ours(), is_due(now)).limit(1)
    return connection.execute(due).first() is not None


def take(connection: Connection, now: datetime, lease: Lease) -> Job | None:
    """The job that has been due longest, for `lease`; None when nothing is due.

    A lease that ran out is as good as none: the job is taken again. A job whose holders died
    `ATTEMPTS` times is given up.
    """
    _give_up_the_deadly(connection, now)
    first = (
        select(outbox.c.id, outbox.c.kind, outbox.c.subject, outbox.c.attempts)
        .where(_is_ours(), is_due(now))
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(first).first()
    if row is None:
        return None
    job = Job(row.id, row.kind, row.subject, row.attempts + 1)
    connection.execute(
        update(outbox)
        .where(outbox.c.id == job.id)
        .values(attempts=job.attempts, due_at=lease.until, held_by=lease.by)
    )
    return job


def finish(connection: Connection, job: Job) -> bool:
    """Take the job off the list; False if somebody else has it by now, and then it stays."""
    return connection.execute(delete(outbox).where(is_held(job))).rowcount == 1


def put_off(connection: Connection, job: Job, error: str, now: datetime) -> bool:
    """Have the job tried again after a pause, or given up; False if somebody else has it by now."""
    is_last = job.attempts >= ATTEMPTS
    values = {
        "state": JobState.FAILED if is_last else JobState.WAITING,
        "due_at": now + FIRST_PAUSE * 2 ** (job.attempts - 1),
        "held_by": None,
        "error": error,
    }
    return connection.execute(update(outbox).where(is_held(job)).values(values)).rowcount == 1


def _is_ours() -> ColumnElement[bool]:
    return outbox.c.kind != VERIFY


def is_due(now: datetime) -> ColumnElement[bool]:
    """For a job that is held, `due_at` is the end of the lease."""
    return and_(outbox.c.state == JobState.WAITING, outbox.c.due_at <= now)


def is_held(job: Job) -> ColumnElement[bool]:
    """Every holding has its own number of attempts, so a late holder does not match."""
    return and_(
        outbox.c.id == job.id,
        outbox.c.attempts == job.attempts,
        outbox.c.held_by.is_not(None),
    )


def _give_up_the_deadly(connection: Connection, now: datetime) -> None:
    connection.execute(
        update(outbox)
        .where(_is_ours(), is_due(now), outbox.c.attempts >= ATTEMPTS)
        .values(state=JobState.FAILED, held_by=None, error="whoever took it died, every time")
    )
