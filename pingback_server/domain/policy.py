"""The author's rules: what of a submission is published, held or taken for spam, and why."""

from __future__ import annotations

from .discussion import Reason, Status, Verdict

NEWCOMER = Reason("newcomer", "Every comment waits for the author, unless it is the author's own.")
LETTER = Reason("letter", "It is written to the author alone, and never published.")
LATE = Reason("late", "It was sent shortly after the discussion had closed.")
TRAP_FILLED = Reason("trap", "The hidden field that only programs see was filled in.")
TRAP_MISSING = Reason("trap", "The hidden field was left out, so it was not sent by the form.")


def judge(
    *,
    trap: str | None,
    is_late: bool = False,
    is_by_author: bool = False,
    is_message: bool = False,
) -> Verdict:
    """The verdict on a submission, with every rule that spoke.

    `trap` is what stood in the form's hidden field, None if the field was missing; `is_late` says
    that the form came within the grace period. The author's own words are published at once, a
    message to the author never.
    """
    if is_by_author:
        return Verdict(Status.APPROVED)
    spoke = [LETTER if is_message else NEWCOMER]
    if is_late:
        spoke.append(LATE)
    if trap is None:
        spoke.append(TRAP_MISSING)
    elif trap:
        spoke.append(TRAP_FILLED)
    suspect = TRAP_MISSING in spoke or TRAP_FILLED in spoke
    return Verdict(Status.SPAM if suspect else Status.PENDING, tuple(spoke))
