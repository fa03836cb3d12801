"""The item of the discussion that a ping has become: added, renewed, or changed with a pause."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from ..domain.actions import VERIFICATION
from ..domain.bayes import words_of_entry
from ..domain.discussion import Entry, Kind, Reason, Status, Verdict
from ..domain.pings import ReceivedPing
from ..domain.shown_pings import CHANGED, ShownPing
from . import clusters, learning, outbox, pages, removal, replacing, searched
from .actions import Decider
from .bare import bare
from .schema import GREATEST_ID, comments, decisions, revisions

change_of = replacing.waiting_for

_NAMES = ("response", "title", "url", "site", "author", "author_url", "language", "text", "html")


def add(
    connection: Connection,
    ping: ReceivedPing,
    shown: ShownPing,
    verdict: Verdict,
    *,
    key: str,
    now: datetime,
) -> int:
    """Put the ping among what the author decides on, or into the page; its number."""
    row = {
        **_base(ping.kind, ping.post, ping.target, verdict.reasons, key),
        **_words(shown),
        "status": verdict.status,
        "parent": _parent(connection, shown.parent, ping.post),
        "at": shown.at,
        "network": ping.network,
    }
    return _insert(connection, row, now)


def renew(
    connection: Connection, entry: Entry, shown: ShownPing, verdict: Verdict, *, decider: Decider
) -> None:
    """Have the item say what its page says now, as far as that needs no decision."""
    is_to_wait = verdict.status is not Status.APPROVED or _is_corrected(connection, entry)
    if entry.status is Status.APPROVED and is_to_wait:
        _offer(connection, entry, shown, decider)
        return
    change = change_of(connection, entry.id)
    if change is not None:
        removal.remove(connection, [change], decider.at)
    if entry.status in (Status.PENDING, Status.APPROVED):
        _keep_revision(connection, entry.id, decider)
        said = update(comments).where(comments.c.id == entry.id)
        with learning.following(connection, entry.id, words_of_entry):
            connection.execute(said.values(**_words(shown), edited_at=decider.at))
        clusters.leave(connection, entry.id)
        _keep_words(connection, entry.id, shown)
    if entry.status is Status.APPROVED:
        pages.mark(bare(connection), [entry.post], decider.at)


def speak_as(connection: Connection, number: int, kind: Kind, now: datetime) -> None:
    """Have the item, and the change of it that waits, be of the protocol that says most."""
    meant = or_(comments.c.id == number, comments.c.replaces == number)
    change = update(comments).where(meant, comments.c.kind != kind).values(kind=kind)
    public = comments.c.status == Status.APPROVED
    if connection.execute(change).rowcount:
        posts = connection.scalars(select(comments.c.post).where(comments.c.id == number, public))
        pages.mark(bare(connection), list(posts), now)


def lead_to(connection: Connection, number: int, target: str) -> None:
    """Have the item be of the address of its post to which its page links now."""
    other = (comments.c.id == number, comments.c.target != target)
    connection.execute(update(comments).where(*other).values(target=target))


def last_decider(connection: Connection, number: int) -> str | None:
    """Who put the item where it is; None if nobody did."""
    last = decisions.c.id.desc()
    chosen = select(decisions.c.by).where(decisions.c.comment == number).order_by(last).limit(1)
    found: str | None = connection.execute(chosen).scalar()
    return found


def _offer(connection: Connection, entry: Entry, shown: ShownPing, decider: Decider) -> None:
    """Hold the new words, in place of those that are held already; none if they are the old."""
    change = change_of(connection, entry.id)
    if _words(shown) == _words_of(connection, entry.id):
        if change is not None:
            removal.remove(connection, [change], decider.at)
        return
    if change is not None:
        _keep_revision(connection, change, decider)
        chosen = update(comments).where(comments.c.id == change)
        connection.execute(chosen.values(**_words(shown), edited_at=decider.at))
        clusters.leave(connection, change)
        _keep_words(connection, change, shown)
        return
    row = {
        **_base(entry.kind, entry.post, entry.target, (CHANGED,), f"change of {entry.id}"),
        **_words(shown),
        "status": Status.PENDING,
        "parent": entry.parent,
        "at": decider.at,
        "replaces": entry.id,
    }
    _insert(connection, row, decider.at)


def _is_corrected(connection: Connection, entry: Entry) -> bool:
    """Whether it says what somebody at the desk has it say, and not what its page said once."""
    if entry.edited_at is None:
        return False
    made = (revisions.c.comment == entry.id, revisions.c.at == entry.edited_at)
    last = select(revisions.c.by).where(*made).order_by(revisions.c.id.desc()).limit(1)
    taken = (comments.c.replaces == entry.id, comments.c.decided_at == entry.edited_at)
    is_of_the_page = connection.scalar(last) in (None, VERIFICATION)
    return not is_of_the_page and not connection.scalar(select(comments.c.id).where(*taken))


def _keep_revision(connection: Connection, number: int, decider: Decider) -> None:
    replacing.keep_revision(connection, number, by=decider.by, at=decider.at)
    replacing.forget_revisions(connection, number, by=decider.by)


def _words_of(connection: Connection, number: int) -> dict[str, Any]:
    columns = [comments.c[name] for name in _NAMES]
    return dict(connection.execute(select(*columns).where(comments.c.id == number)).one()._mapping)


def _words(shown: ShownPing) -> dict[str, Any]:
    return {name: getattr(shown, name) for name in _NAMES}


def _keep_words(connection: Connection, number: int, shown: ShownPing) -> None:
    searched.keep(connection, number, shown.author, shown.title, shown.text)


def _base(
    kind: Kind, post: str, target: str, reasons: tuple[Reason, ...], key: str
) -> dict[str, Any]:
    return {
        "kind": kind,
        "post": post,
        "target": target,
        "email": "",
        "is_by_author": False,
        "reasons": [[reason.rule, reason.words, reason.score] for reason in reasons],
        "score": sum(reason.score for reason in reasons),
        "fingerprint": key,
    }


def _insert(connection: Connection, row: dict[str, Any], now: datetime) -> int:
    added = insert(comments).values(row).returning(comments.c.id)
    number: int = connection.execute(added).scalar_one()
    searched.keep(connection, number, row["author"], row["title"], row["text"])
    outbox.post(bare(connection), "notify", [number], now)
    if row["status"] is Status.APPROVED:
        pages.mark(bare(connection), [row["post"]], now)
    return number


def _parent(connection: Connection, number: int | None, post: str) -> int | None:
    """The comment that is answered, if it is a public one of that post."""
    if number is None or number > GREATEST_ID:
        return None
    is_there = (
        comments.c.id == number,
        comments.c.post == post,
        comments.c.status == Status.APPROVED,
    )
    found: int | None = connection.execute(select(comments.c.id).where(*is_there)).scalar()
    return found
