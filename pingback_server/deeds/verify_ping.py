"""A ping is verified: its source is read, and what that brings is applied once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.addresses import place_of, same_page
from ..domain.errors import (
    FetchFailed,
    FetchRefused,
    HostBusy,
    NoSuchComment,
    NotVerified,
    PageUnreadable,
)
from ..domain.networks import Address, counted_as
from ..domain.pings import TRIES, PingState, Problem, ReceivedPing, pause_after, spread
from ..domain.posts import Manifest
from ..domain.rules.case import Case
from ..domain.rulings import Rulings
from ..domain.shown_pings import ShownPing, case_of, judge_ping, ruled_out, shown_of
from ..domain.source_pages import SourcePage
from ..domain.targets import Targets
from ..domain.web_addresses import WebAddress, read_web_address
from ..fetch import BeforeCall, Page, Validators
from ..store import Seen, Store, Verification

LEASE = timedelta(seconds=40)
"""How long a reader may take: longer than fetching a page and reading it ever last."""

ACCEPT = "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.5, application/json;q=0.5"
_LONGEST = timedelta(hours=48)
# Statuses that may be others soon (RFC 9110 §15.5), as all are that the server is to blame for.
_PASSING = {408, 425, 429}
_WHOLE = {200, 203}
_WORDS = {
    Problem.NO_LINK: "the page has no link to the post where a reader could follow it",
    Problem.GONE: "the page says that it is gone (410)",
    Problem.NOT_FOUND: "there is no such page: it answers {status}",
    Problem.PRIVATE: "the page is not public: it answers {status}",
    Problem.IS_TARGET: "the page leads on to this blog itself",
    Problem.BLOCKED: "its host has been blocked since",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What verifying goes by.

    `get` fetches a page, given what was known of it and who is told of each call (FetchRefused,
    FetchFailed); `read` says what a
    page says, given the target and the instant (PageUnreadable).
    """

    blog: Manifest
    store: Store
    rulings: Rulings
    get: Callable[[str, Validators, BeforeCall], Page]
    read: Callable[[Page, str, datetime], SourcePage]


def verify_ping(taken: Verification, reading: Reading, now: Callable[[], datetime]) -> bool:
    """Read the source of a ping and settle what it is (Webmention §3.2.2, Pingback 1.0 §3).

    A passing failure puts it off; everything else is final, until its source is looked at again.
    False if somebody else has the ping by now, and then nothing was changed.
    """
    store = reading.store.pings
    try:
        page = _fetched(taken, reading, now)
        if page is None:
            return store.unchanged(taken, now=now())
        found, ping = _found(page, taken.ping, reading, now())
        shown = shown_of(found, ping)
        case = _admitted(shown, ping, reading)
    except HostBusy as busy:
        return _put_back(taken, reading, busy, now())
    except NotVerified as cause:
        return _settle(taken, reading, cause, now())
    hosts = reading.blog.linked_hosts if reading.blog.discussion.trust_linked_hosts else ()
    return store.confirm(
        replace(taken, ping=ping),
        shown,
        judge_ping(found, _ways(page, taken.ping), case, hosts),
        seen=Seen(page.etag or "", page.last_modified or ""),
        now=now(),
    )


def _fetched(taken: Verification, reading: Reading, now: Callable[[], datetime]) -> Page | None:
    """The page with a good status; None if it is the version that is known."""
    ping = taken.ping
    if taken.job.attempts > TRIES:
        raise NotVerified(Problem.UNREADABLE, "whoever read the page died of it, every time")
    _check_blocked([ping.source], reading)
    known = ping.state is PingState.VERIFIED
    asked = Validators(ping.etag or None, ping.last_modified or None) if known else Validators()
    try:
        page = reading.get(ping.source, asked, _pacing(ping, reading, now))
    except FetchRefused as refusal:
        raise NotVerified(Problem.REFUSED, str(refusal)) from refusal
    except FetchFailed as failure:
        passing = failure.passing
        raise NotVerified(Problem.UNREACHABLE, str(failure), passing=passing) from failure
    if page.status == 304 and known:
        return None
    _check_blocked(_ways(page, ping), reading)
    _check_status(page)
    return page


def _pacing(ping: ReceivedPing, reading: Reading, now: Callable[[], datetime]) -> BeforeCall:
    """Books whom a fetch calls, once: the ping's own host has been, when the ping was taken."""
    booked = {read_web_address(ping.source).counted_as}

    def before_call(address: WebAddress, ip: Address) -> None:
        new = [one for one in (address.counted_as, counted_as(ip)) if one not in booked]
        reading.store.pings.book_hop(new, now=now())
        booked.update(new)

    return before_call


def _ways(page: Page, ping: ReceivedPing) -> list[str]:
    return [ping.source, *page.hops, page.url]


def _host(address: str) -> str:
    place = place_of(address)
    return "" if place is None else place.host


def _check_blocked(ways: list[str], reading: Reading) -> None:
    if any(reading.rulings.blocks_host(_host(way)) for way in ways):
        raise _not_verified(Problem.BLOCKED)


def _check_status(page: Page) -> None:
    status = page.status
    if 200 <= status < 300:
        return
    if status in _PASSING or status >= 500:
        words = f"its host answers {status}"
        wait = page.retry_after
        raise NotVerified(Problem.UNREACHABLE, words, passing=True, retry_after=wait)
    if status == 410:
        raise _not_verified(Problem.GONE)
    raise _not_verified(Problem.PRIVATE if status in (401, 403) else Problem.NOT_FOUND, status)


def _found(
    page: Page, ping: ReceivedPing, reading: Reading, now: datetime
) -> tuple[SourcePage, ReceivedPing]:
    """What the page says, if it links to the target; and the ping, with the target it links to.

    Anybody may say of a page that it links to the post by another address than before. So that by
    which it did counts as well.
    """
    targets = Targets(reading.blog, lambda _: False)
    post = targets.own_post_at(page.url)
    is_target = post is not None and post.id == ping.post
    if is_target or same_page(page.url, ping.target) or _led_home(page, ping, targets):
        raise _not_verified(Problem.IS_TARGET)
    found = _read(page, ping.target, reading, now)
    if not found.links and (before := _target_before(ping, reading)):
        ping = replace(ping, target=before)
        found = _read(page, before, reading, now)
    if not found.links:
        raise _without_link(page)
    return found, ping


def _read(page: Page, target: str, reading: Reading, now: datetime) -> SourcePage:
    """What the page says, unless that it is gone."""
    try:
        found = reading.read(page, target, now)
    except PageUnreadable as failure:
        passing = failure.passing
        raise NotVerified(Problem.UNREADABLE, str(failure), passing=passing) from failure
    if found.is_gone:
        raise _not_verified(Problem.GONE)
    return found


def _target_before(ping: ReceivedPing, reading: Reading) -> str:
    """To which address it linked when it was verified last, if its sender names another now."""
    if ping.comment is None:
        return ""
    with suppress(NoSuchComment):  # it was deleted just now: then this reading settles nothing
        before = reading.store.entry(ping.comment).target
        return "" if same_page(before, ping.target) else before
    return ""


def _without_link(page: Page) -> NotVerified:
    """Only what calls itself the page is one (RFC 9110 §15.3): a 202 may ask whether we are one."""
    if page.status in _WHOLE:
        return _not_verified(Problem.NO_LINK)
    words = f"it answers {page.status}, without the page"
    return NotVerified(Problem.UNREACHABLE, words, passing=True)


def _admitted(shown: ShownPing, ping: ReceivedPing, reading: Reading) -> Case:
    """What it shows before the author's rules; NotVerified if these rule it out."""
    case = case_of(shown, ping, reading.rulings, reading.blog.discussion)
    if (reason := ruled_out(case)) is not None:
        raise NotVerified(Problem.RULED_OUT, reason.words)
    return case


def _led_home(page: Page, ping: ReceivedPing, targets: Targets) -> bool:
    """Whether a page elsewhere leads on to this blog: a search or an error may echo anything."""
    return targets.is_ours(page.url) and not targets.is_ours(ping.source)


def _settle(taken: Verification, reading: Reading, cause: NotVerified, now: datetime) -> bool:
    """Try again later what may pass, unless it was tried for long; all else is final."""
    ping = taken.ping
    until = now + pause_after(taken.job.attempts, cause.retry_after)
    is_long = ping.state is PingState.RECEIVED and until - ping.received_at > _LONGEST
    if cause.passing and taken.job.attempts < TRIES and not is_long:
        return reading.store.pings.put_off(taken, str(cause), until=until, now=now)
    return reading.store.pings.fail(taken, Problem(cause.problem), str(cause), now=now)


def _put_back(taken: Verification, reading: Reading, busy: HostBusy, now: datetime) -> bool:
    """Leave a host in peace that the source leads to, for as long as a ping may wait at all."""
    ping = taken.ping
    if ping.state is PingState.RECEIVED and now - ping.received_at > _LONGEST:
        return reading.store.pings.fail(taken, Problem.UNREACHABLE, str(busy), now=now)
    return reading.store.pings.put_back(taken, now + spread(busy.wait, ping.token))


def _not_verified(problem: Problem, status: int = 0) -> NotVerified:
    return NotVerified(problem, _WORDS[problem].format(status=status))
