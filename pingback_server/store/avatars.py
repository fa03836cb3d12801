"""Keeps the pictures of who comments, by the digest of their address, as long as that is public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from ..domain.avatars import ask_again_at, digest_of_address
from ..domain.discussion import Kind, Status
from . import comments as found
from . import pages
from .bare import bare
from .engine import Database
from .schema import avatars, comments
from .writing import WritingQueue

_HAS_ADDRESS = (
    comments.c.status == Status.APPROVED,
    comments.c.kind == Kind.COMMENT,
    comments.c.email != "",
)
_ADDRESSES = select(comments.c.email).where(*_HAS_ADDRESS).distinct()
_WRITTEN = select(comments.c.id, comments.c.post, comments.c.email).where(*_HAS_ADDRESS)


@dataclass(frozen=True, slots=True)
class Due:
    """An address of which it is time to ask for a picture, and how often that failed in a row."""

    digest: str
    failures: int


class Avatars:
    """The pictures, and when it was asked for them."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
        self._queue = queue

    def due(self, now: datetime, *, most: int) -> list[Due]:
        """Of the addresses of public comments, those to ask for now; those never asked first."""
        with self._database.reading() as connection:
            known = select(avatars.c.digest, avatars.c.ask_again_at, avatars.c.failures)
            asked = {digest: (again, n) for digest, again, n in connection.execute(known)}
            wanted = digests_in_use(connection)
        new = [Due(digest, 0) for digest in sorted(wanted - asked.keys())]
        over = sorted(asked.items(), key=lambda one: one[1][0])
        again = [Due(one, n) for one, (at, n) in over if one in wanted and at <= now]
        return [*new, *again][:most]

    def answered(self, digest: str, picture: bytes | None, now: datetime) -> None:
        """Keep the picture, or that there is none, with the marks on the pages that show it."""
        self._queue.run(lambda c: _answered(c, digest, picture, now))

    def failed(self, due: Due, now: datetime) -> None:
        """There was no answer: what was known stays, and it is asked again later."""
        self._queue.run(lambda c: _failed(c, due, now))

    def forget_all(self, now: datetime) -> int:
        """Delete every picture, with the marks on the pages that showed them; how many."""
        with self._database.reading() as connection:
            is_empty = connection.scalar(select(func.count()).select_from(avatars)) == 0
        return 0 if is_empty else self._queue.run(lambda c: _forget_all(c, now))


def pictures(connection: Connection) -> dict[int, bytes]:
    """The picture that goes with each public comment that has one, by its number."""
    kept = select(avatars.c.digest, avatars.c.picture).where(avatars.c.picture.is_not(None))
    by_digest = {digest: bytes(picture) for digest, picture in connection.execute(kept)}
    if not by_digest:
        return {}
    written = ((id, digest_of_address(email)) for id, _, email in connection.execute(_WRITTEN))
    return {id: by_digest[digest] for id, digest in written if digest in by_digest}


def digests_in_use(connection: Connection) -> set[str]:
    """The digests of the addresses of public comments."""
    return {digest_of_address(email) for email in connection.scalars(_ADDRESSES)}


def forget_unused(connection: Connection, most: int) -> int:
    """Delete at most so many pictures of addresses of which no comment is public any more."""
    unused = set(connection.scalars(select(avatars.c.digest))) - digests_in_use(connection)
    some = sorted(unused)[:most]
    forget(connection, some)
    return len(some)


def forget(connection: Connection, digests: list[str]) -> None:
    """Delete what is kept under these digests."""
    for some in found.portions(digests):
        connection.execute(delete(avatars).where(avatars.c.digest.in_(some)))


def _answered(connection: Connection, digest: str, picture: bytes | None, now: datetime) -> None:
    chosen = select(avatars.c.picture).where(avatars.c.digest == digest)
    before: bytes | None = connection.scalar(chosen)
    _write(connection, Due(digest, 0), picture, now)
    if picture != before:
        _mark(connection, {digest}, now)


def _failed(connection: Connection, due: Due, now: datetime) -> None:
    chosen = select(avatars.c.picture).where(avatars.c.digest == due.digest)
    before: bytes | None = connection.scalar(chosen)
    _write(connection, Due(due.digest, due.failures + 1), before, now)


def _write(connection: Connection, due: Due, picture: bytes | None, now: datetime) -> None:
    forget(connection, [due.digest])
    again = ask_again_at(now, due.failures)
    values = {"digest": due.digest, "picture": picture, "failures": due.failures}
    connection.execute(insert(avatars).values(**values, asked_at=now, ask_again_at=again))


def _forget_all(connection: Connection, now: datetime) -> int:
    shown = set(connection.scalars(select(avatars.c.digest).where(avatars.c.picture.is_not(None))))
    _mark(connection, shown, now)
    return connection.execute(delete(avatars)).rowcount


def _mark(connection: Connection, digests: set[str], now: datetime) -> None:
    """Mark the pages on which comments from these addresses stand."""
    written = connection.execute(_WRITTEN) if digests else ()
    pages.mark(
        bare(connection),
        sorted({post for _, post, email in written if digest_of_address(email) in digests}),
        now,
    )
