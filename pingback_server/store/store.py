"""The store's one face: each method is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from ..domain.discussion import Entry, Item, Status, Submission, Verdict
from ..domain.errors import Refused, Unavailable
from ..domain.imports import Imported
from . import comments, decisions, imports, migrating, outbox, pages
from .actions import Actions, Decider
from .arrivals import Added, arrival, taken_before
from .avatars import Avatars
from .bare import bare
from .browsers import Browsers
from .confirmed import Confirmed
from .engine import open_database
from .imports import Brought
from .learning import Learning
from .likenesses import Likenesses
from .moderation import Moderation
from .outbox import Job, Lease
from .own_comments import OwnComments
from .pages import Dirty
from .people import People
from .personal import Personal
from .pings import Pings
from .retention import Retention
from .revisions import Revisions
from .rulings import RulingsKept
from .schema import JobState, probes
from .schema import comments as comments_table
from .schema import dirty_pages as dirty_table
from .schema import outbox as outbox_table
from .search import Search
from .snapshot import ReadOnlyStore
from .switches import Switches
from .tallies import Tallies
from .writing import WritingQueue

PATIENCE = 5.0
"""How many seconds to wait for other programs that write."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is not done yet: jobs, posts to republish and since when, entries to decide on."""

    jobs: int
    dirty: int
    oldest_dirty: datetime | None
    pending: int


class Store:
    """What the blog remembers. Safe to share between threads; each process opens its own.

    Every method raises Unavailable when the database cannot do it now, and then nothing was
    stored. What a method has returned from is on the disk.
    """

    def __init__(self, url: str, patience: float) -> None:
        self._database = open_database(url, patience)
        self._queue = WritingQueue(self._database)
        self.browsers = Browsers(self._database)
        self.confirmed = Confirmed(self._queue)
        self.likenesses = Likenesses(self._database, self._queue)
        self.learning = Learning(self._database, self._queue)
        self.tallies = Tallies(self._database)
        self.rulings = RulingsKept(self._database, self._queue)
        self.pings = Pings(self._database, self._queue)
        self.search = Search(self._database)
        self.moderation = Moderation(self._database, self._queue)
        self.actions = Actions(self._database, self._queue)
        self.revisions = Revisions(self._database, self._queue)
        self.switches = Switches(self._database, self._queue)
        self.people = People(self._database, self._queue)
        self.personal = Personal(self._database, self._queue)
        self.retention = Retention(self._database, self._queue)
        self.own = OwnComments(self._database, self._queue)
        self.avatars = Avatars(self._database, self._queue)

    @classmethod
    def open(cls, url: str, patience: float = PATIENCE) -> Store:
        """The store at `url`. Connects later, when used; does not migrate. BadSetting."""
        return cls(url, patience)

    @staticmethod
    def open_read_only(url: str, patience: float = PATIENCE) -> ReadOnlyStore:
        """The store for a build, which writes nothing and creates nothing. BadSetting."""
        return ReadOnlyStore(url, patience)

    def migrate(self) -> None:
        """Bring the tables up to date; two processes may do it at once."""
        migrating.migrate(self._database)

    def is_current(self) -> bool:
        """Whether `migrate` has nothing to do; Unavailable if the database is a newer program's."""
        return migrating.is_current(self._database)

    def forget_traces(self) -> None:
        """Leave nothing of what was deleted in the files beside the database."""
        self._database.empty_log()

    def close(self) -> None:
        """Let go of the connections."""
        self._database.close()

    # ---- the path of a comment

    def add(self, submission: Submission, verdict: Verdict, now: datetime) -> Added:
        """Keep what somebody sent, with its work and its dirty page, before returning.

        The same post, parent, author and text within ten minutes is the first one's number.
        Invalid if the parent is not on that post, or a text is none; Closed if somebody closed it.
        """
        return self._queue.add(arrival(submission, verdict, now))

    def taken_before(self, submission: Submission, now: datetime) -> Added | None:
        """What `add` would give back without keeping anything; None if this is new. Invalid."""
        item = arrival(submission, Verdict(Status.PENDING), now)
        with self._database.reading() as connection:
            return taken_before(bare(connection), item)

    def entry(self, id: int) -> Entry:
        """One item of the queue. NoSuchComment."""
        with self._database.reading() as connection:
            return comments.found(connection, [id])[0]

    def entries(
        self, statuses: Collection[Status] | None = None, ids: Collection[int] | None = None
    ) -> list[Entry]:
        """The items in these states and with these numbers, oldest first; None does not choose."""
        with self._database.reading() as connection:
            return comments.listed(connection, statuses, ids)

    def published(self) -> dict[str, tuple[Item, ...]]:
        """What is approved, by post, oldest first, all of one instant; no messages."""
        with self._database.reading() as connection:
            return comments.published(connection)

    def decide(self, ids: Iterable[int], status: Status, *, now: datetime, by: str) -> list[Entry]:
        """Put all of `ids` into `status`, in one commit with the marks on their pages.

        The entries as they are now, as asked. NoSuchComment names all that are missing, and then
        nothing changes.
        """
        wanted, decider = list(ids), Decider(by, now)
        return self._queue.run(lambda c: decisions.decide(c, wanted, status, decider))

    def restore(self, ids: Iterable[int], *, now: datetime, by: str) -> list[Entry]:
        """Take all of `ids` out of spam and trash, to where they were. NotInThatState."""
        wanted, decider = list(ids), Decider(by, now)
        return self._queue.run(lambda c: decisions.restore(c, wanted, decider))

    def answer(
        self,
        parent_id: int,
        submission: Submission,
        *,
        now: datetime,
        by: str,
        shown: str = "",
    ) -> Added:
        """Publish the author's reply, and what it replies to, in one commit.

        NoSuchComment; NotInThatState if the parent is spam or in the trash; NotAsShown if it has
        another digest than was `shown`; Invalid if it stands under another post.
        """
        reply = replace(submission, parent=parent_id, is_by_author=True)
        arrived = arrival(reply, Verdict(Status.APPROVED), now)
        decider = Decider(by, now)
        added = self._queue.run(
            lambda c: decisions.answer(c, parent_id, arrived, decider, shown=shown)
        )
        if isinstance(added, Refused):
            raise added
        return added

    def bring_in(self, entries: Sequence[Imported], now: datetime) -> Brought:
        """Keep those of `entries` that no import brought before, with their marks; all or none.

        An entry comes after the one that it answers. BadImport names those that answer none.
        """
        return self._queue.run(lambda c: imports.bring_in(c, entries, now))

    # ---- pages to publish again

    def mark_dirty(self, posts: Iterable[str], now: datetime) -> None:
        """Have the pages of `posts` made anew."""
        marked = list(posts)
        self._queue.run(lambda c: pages.mark(bare(c), marked, now))

    def dirty(self) -> Dirty | None:
        """The pages to be made anew, None if there are none."""
        with self._database.reading() as connection:
            return pages.marked(connection)

    def cleaned(self, upto: int) -> None:
        """Forget the marks up to `upto`; those made since stay."""
        self._queue.run(lambda c: pages.unmark(c, upto))

    # ---- work to be done later

    def take(self, now: datetime, *, lease: timedelta, by: str) -> Job | None:
        """A job for `by` alone until `now + lease`; None when nothing is due."""
        with self._database.reading() as connection:
            if not outbox.is_any_due(connection, now):
                return None
        wanted = Lease(by, now + lease)
        return self._queue.run(lambda c: outbox.take(c, now, wanted))

    def done(self, job: Job) -> bool:
        """The job is done; False if its lease ran out and somebody else has it."""
        return self._queue.run(lambda c: outbox.finish(c, job))

    def failed(self, job: Job, error: str, now: datetime) -> bool:
        """The job failed and is tried again later; False if somebody else has it by now."""
        return self._queue.run(lambda c: outbox.put_off(c, job, error, now))

    # ---- how it is doing

    def waiting(self) -> Waiting:
        """What is not done yet."""
        with self._database.reading() as connection:
            return Waiting(*connection.execute(_WAITING).one())

    def check_writable(self) -> None:
        """Write to the disk and leave no trace; Unavailable if that is not possible."""
        self._queue.run(_probe)

    def check_sound(self) -> None:
        """Look for damage; Unavailable says what to do. Takes about a second per 500 MB."""
        with self._database.reading() as connection:
            migrating.version(connection)
            if connection.dialect.name == "sqlite":
                _check_pages(connection, self._database.name)


_WAITING = select(
    select(func.count())
    .select_from(outbox_table)
    .where(outbox_table.c.state == JobState.WAITING)
    .scalar_subquery(),
    select(func.count(dirty_table.c.post.distinct())).scalar_subquery(),
    select(func.min(dirty_table.c.at)).scalar_subquery(),
    select(func.count())
    .select_from(comments_table)
    .where(comments_table.c.status == Status.PENDING)
    .scalar_subquery(),
)


def _probe(connection: Connection) -> None:
    connection.execute(insert(probes).values(id=1))  # a counter of PostgreSQL would run out
    connection.execute(delete(probes))


def _check_pages(connection: Connection, name: str) -> None:
    finding = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if finding != "ok":
        raise Unavailable(
            f"the database {name} is damaged ({finding}); stop the service, keep the file, "
            "restore the last backup"
        )
