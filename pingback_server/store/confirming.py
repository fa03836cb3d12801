"""What a reading of a ping's source brings: one final state, applied once, and the item it shows.

Every function first takes the job off its holder; who comes late, after a lease ran out, changes
nothing. Then it looks at the ping as it is by now. That it is to be looked at again was noted while
it was read: its sender told of it once more, maybe of another page than was read.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, update

from ..domain.actions import VERIFICATION
from ..domain.discussion import Entry, Status, Verdict
from ..domain.pings import PingState, Problem, ReceivedPing, next_look
from ..domain.shown_pings import ShownPing
from . import comments, ping_items, ping_rows, receiving, removal
from .actions import Decider
from .bare import bare
from .decisions import decide
from .outbox import finish
from .schema import pings
from .verifying import Verification

_TAKEN_BACK = (Problem.GONE, Problem.NO_LINK)
_STANDS = (Status.PENDING, Status.APPROVED)


@dataclass(frozen=True, slots=True)
class Seen:
    """The version of the page that was read, to ask with next time."""

    etag: str = ""
    last_modified: str = ""


def confirm(
    connection: Connection,
    taken: Verification,
    shown: ShownPing,
    verdict: Verdict,
    *,
    seen: Seen,
    now: datetime,
) -> bool:
    """The source links to the target of `taken`: the ping is verified, and shows what it says now.

    What nobody has decided on takes the new words; what is public keeps its own until the author
    takes the new ones, unless the verdict lets these in; what was thrown away stays so, but what
    had been withdrawn waits anew.
    """
    if not finish(connection, taken.job):
        return False
    ping = replace(ping_rows.by_number(connection, taken.ping.id), target=taken.ping.target)
    decider = Decider(VERIFICATION, now)
    number = ping.comment
    if number is None:
        number = ping_items.add(connection, ping, shown, verdict, key=_fingerprint(ping), now=now)
    else:
        [entry] = comments.found(connection, [number])
        if entry.status is Status.TRASH and _was_withdrawn(connection, ping):
            [entry] = decide(connection, [number], Status.PENDING, decider)
        if ping.digest != shown.digest or ping.state is PingState.RECEIVED:
            ping_items.renew(connection, entry, shown, verdict, decider=decider)
        ping_items.lead_to(connection, number, ping.target)
        _speak_best(connection, ping, now)
    _settle(
        connection,
        ping,
        now,
        state=PingState.VERIFIED,
        comment=number,
        digest=shown.digest,
        etag=seen.etag,
        last_modified=seen.last_modified,
        look_again_at=_next(ping, now),
    )
    return True


def unchanged(connection: Connection, taken: Verification, *, now: datetime) -> bool:
    """The source says what it said: nothing changes but when it is looked at again."""
    if not finish(connection, taken.job):
        return False
    ping = ping_rows.by_number(connection, taken.ping.id)
    _speak_best(connection, ping, now)
    _settle(connection, ping, now, look_again_at=_next(ping, now))
    return True


def fail(
    connection: Connection, taken: Verification, problem: Problem, words: str, *, now: datetime
) -> bool:
    """The source does not link here, or cannot be read.

    What was never verified has failed. What was is withdrawn by a source that says so itself; for
    anything else it stands, and is looked at again (Webmention §3.2.4). What has ended and was told
    of again meanwhile begins anew.
    """
    if not finish(connection, taken.job):
        return False
    ping = ping_rows.by_number(connection, taken.ping.id)
    told = {"problem": problem.value, "problem_words": words}
    if ping.state is not PingState.VERIFIED:
        _settle(connection, ping, now, state=PingState.FAILED, **told)
    elif problem in _TAKEN_BACK:
        _withdraw(connection, ping, now)
        _settle(connection, ping, now, state=PingState.WITHDRAWN, **told)
    else:
        _settle(connection, ping, now, look_again_at=_next(ping, now), problem_words=words)
        return True
    if ping.look_again_at is not None:
        ended = ping_rows.by_number(connection, ping.id)
        receiving.begin_anew(bare(connection), ended, ended, now)
    return True


def _speak_best(connection: Connection, ping: ReceivedPing, now: datetime) -> None:
    """Have the item follow the protocol of its ping, which may be a better one since."""
    if ping.comment is not None:
        ping_items.speak_as(connection, ping.comment, ping.kind, now)


def _withdraw(connection: Connection, ping: ReceivedPing, now: datetime) -> None:
    """Take the item out of the discussion; what the author had thrown away stays where it is.

    What waited and was never decided on is gone: else who links, pings, unlinks and begins anew
    could fill the trash.
    """
    if ping.comment is None:
        return
    entries: list[Entry] = comments.found(connection, [ping.comment])
    is_new = ping_items.last_decider(connection, ping.comment) is None
    if is_new and all(entry.status is Status.PENDING for entry in entries):
        removal.remove(connection, [ping.comment], now)
        return
    standing = [entry.id for entry in entries if entry.status in _STANDS]
    change = ping_items.change_of(connection, ping.comment)
    numbers = standing + ([] if change is None else [change])
    decide(connection, numbers, Status.TRASH, Decider(VERIFICATION, now))


def _was_withdrawn(connection: Connection, ping: ReceivedPing) -> bool:
    """Whether its source had taken its link back, and nobody has decided since."""
    return (
        ping.state is PingState.RECEIVED
        and ping.comment is not None
        and ping_items.last_decider(connection, ping.comment) == VERIFICATION
    )


def _settle(connection: Connection, ping: ReceivedPing, now: datetime, **values: object) -> None:
    counted = {"fetches": ping.fetches + 1, "failures": 0, "fetched_at": now}
    fresh = {"problem": "", "problem_words": ""}
    connection.execute(
        update(pings).where(pings.c.id == ping.id).values({**counted, **fresh, **values})
    )


def _next(ping: ReceivedPing, now: datetime) -> datetime:
    later = now + next_look(now - ping.received_at)
    return later if ping.look_again_at is None else min(later, ping.look_again_at)


def _fingerprint(ping: ReceivedPing) -> str:
    return hashlib.sha256(f"ping\0{ping.id}\0{ping.source}".encode()).hexdigest()
