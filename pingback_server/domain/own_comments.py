"""What a reader may still do with an own comment: change it or take it back, for a set time."""

from __future__ import annotations

from datetime import datetime, timedelta

from .discussion import Entry, Kind, Status, Verdict, Whence

WRITER = "its writer"
"""Who decides, in the record, when a reader takes an own comment back or changes it."""


def may_change(entry: Entry, minutes: int, now: datetime) -> bool:
    """Whether the writer of `entry` may change it or take it back, `minutes` after it was sent.

    What a human has thrown away is no longer its writer's to change; a suspect is, since its writer
    is not told that it is one.
    """
    if entry.kind is not Kind.COMMENT or entry.is_by_author:
        return False
    is_thrown_away = entry.status is Status.TRASH or (
        entry.status is Status.SPAM and entry.decided_at is not None
    )
    return not is_thrown_away and now < entry.at + timedelta(minutes=minutes)


def may_be_by(entry: Entry, whence: Whence, email: str) -> bool:
    """Whether who sends what `entry` says once more may be its writer.

    What is public anybody can copy: there it takes the same browser, or the same address on the
    network and the same e-mail address. Of what is not public the words themselves are the proof.
    """
    if entry.status is not Status.APPROVED:
        return True
    then = entry.whence
    if then.browser and then.browser == whence.browser:
        return True
    # Without a network all readers seem to come from one address: that of a proxy.
    return bool(whence.network) and (whence.ip, email) == (then.ip, entry.email)


def status_after(entry: Entry, verdict: Verdict) -> Status:
    """Where `entry` stands once its text is the one of which the rules say `verdict`.

    What is public waits if any rule speaks. Nothing is published by being changed, and nothing
    that a human has put into its state becomes a suspect.
    """
    if verdict.status is Status.APPROVED or entry.status is Status.SPAM:
        return entry.status
    is_decided = entry.status is Status.APPROVED or entry.decided_at is not None
    if verdict.status is Status.SPAM and not is_decided:
        return Status.SPAM
    return Status.PENDING
