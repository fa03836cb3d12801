"""What a ping goes through: from the endpoint, through verification, to its one final state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .discussion import Kind


class PingState(StrEnum):
    """Where a ping stands. While it is received its source is still to be read."""

    RECEIVED = "received"
    VERIFIED = "verified"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Problem(StrEnum):
    """Why a ping failed or was withdrawn, in a word for programs."""

    NO_LINK = "no-link"
    GONE = "gone"
    NOT_FOUND = "not-found"
    PRIVATE = "private"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"
    IS_TARGET = "is-target"
    BLOCKED = "blocked"
    RULED_OUT = "ruled-out"


BEST_FIRST = (Kind.WEBMENTION, Kind.PINGBACK, Kind.TRACKBACK)
"""The protocols, the one that says most first: a pair that comes by several is of the best."""

TRIES = 6
"""How often a source is asked before a passing failure is final."""

_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 10, 60, 360, 1440))
_LOOKS = tuple(timedelta(hours=hours) for hours in (1, 24, 7 * 24, 30 * 24, 180 * 24))

_LEAST_SPREAD = timedelta(minutes=1)

REPEAT_PAUSE = timedelta(seconds=10)
"""A ping that comes again has its source read again, but no sooner after the last time."""

FAILED_KEPT = timedelta(days=30)
"""How long a ping that failed can be seen by the author."""

FAILED_MOST = 20_000
"""How many of them are kept at most, however many came; and how many of those whose item has been
deleted, which are kept so that it does not come again."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What another site says at the door: that the page `source` links to the page `target`.

    `given` is what a trackback says of itself besides (title, excerpt, blog_name); `network` is
    where it was sent from, and `ip` the whole address, which is not kept.
    """

    kind: Kind
    source: str
    target: str
    given: Mapping[str, str] = field(default_factory=dict)
    network: str = ""
    ip: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedPing:
    """A ping as the store keeps it. Private.

    `token` names its status page; `host` is the source's, in the form in which hosts are counted;
    `fetches` counts all readings of the source, `failures` those without an answer in a row;
    `etag` and `last_modified` are those of the version that was read, `digest` is that of what it
    said; `comment` is the item of the discussion that came of it.
    """

    id: int
    token: str
    kind: Kind
    state: PingState
    source: str
    target: str
    host: str
    post: str
    received_at: datetime
    given: Mapping[str, str]
    fetches: int = 0
    failures: int = 0
    fetched_at: datetime | None = None
    look_again_at: datetime | None = None
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    problem: str = ""
    problem_words: str = ""
    comment: int | None = None
    network: str = ""


@dataclass(frozen=True, slots=True)
class Budgets:
    """How much may wait to be verified, and as much again for the author: of one source's host, for
    one post, in all; how much one network may send, and how many targets one source may name, in
    `hour`."""

    host: int = 200
    post: int = 2_000
    network: int = 500
    everything: int = 10_000
    source: int = 50
    hour: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast other hosts are called: the least `pause` between two calls of one host, how many
    in an `hour`, and how many calls of all hosts at once.

    An address to which names lead may be many sites', and is called `hourly_at_address` times.
    Names and addresses together are `hourly_in_all`: enough to read in an hour all that may wait,
    and what they leave in the tables is bounded by it.
    """

    pause: timedelta = timedelta(seconds=1)
    hourly: int = 20
    hourly_at_address: int = 600
    hourly_in_all: int = 20_000
    at_once: int = 5
    hour: timedelta = timedelta(hours=1)


def pause_after(failures: int, retry_after: int | None = None) -> timedelta:
    """How long to wait after so many failures in a row; longer if the host says so, in seconds.

    Six tries lie within 48 hours.
    """
    pause = _PAUSES[min(failures, len(_PAUSES)) - 1]
    asked = timedelta(seconds=min(retry_after or 0, _PAUSES[-1].total_seconds()))
    return max(pause, asked)


def spread(wait: timedelta, token: str) -> timedelta:
    """How long the ping of that `token` rests while a host is busy for another `wait`.

    Up to twice as long, and up to a minute more at least, each ping another while: else all that
    waited for one host would come back at one instant, to be sent away again.
    """
    share = int(token[:8], 16) / 0xFFFF_FFFF
    return wait + share * max(wait, _LEAST_SPREAD)


def next_look(since: timedelta) -> timedelta:
    """How long after it was first verified, `since` then, a source is looked at again.

    After 1 hour, 1 day, 7, 30 and 180 days, and then every 180 days.
    """
    later = [look for look in _LOOKS if look > since]
    return later[0] - since if later else _LOOKS[-1]
