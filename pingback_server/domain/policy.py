"""The author's rules: what of a submission is published, held or taken for spam, and why."""

from __future__ import annotations

from collections.abc import Callable

from .discussion import PRIVATE, Reason, Status, Verdict
from .rules import links, senders, times, words
from .rules.case import Case

SUSPECT_FROM = 3.0
"""From this sum on, the rules take something for spam."""

CHECKS: tuple[tuple[str, Callable[[Case], Reason | None]], ...] = (
    ("waiting", senders.waiting),
    ("late", times.late),
    ("trap", senders.trap),
    ("blocked", senders.blocked),
    ("disallowed", words.disallowed),
    ("words", words.to_be_seen),
    ("links", links.many),
    ("markup", links.foreign),
    ("bare", links.bare),
    ("old-post", times.old_post),
    ("busy", times.busy),
    ("preview", times.confirmed),
    ("quick", times.quick),
)
"""Every check in the order in which it is made; all of them are made, whatever the first say."""

SCORING = frozenset(
    {
        *("trap", "blocked", "disallowed", "words", "links", "markup", "bare", "old-post"),
        *("busy-post", "busy-blog", "quick", "likeness", "repeated", "bayes"),
    }
)
"""Every rule that can speak for spam, those that look after arrival included."""

OF_ARRIVAL = frozenset({"late", "trap", "preview", "quick"})
"""The rules that look at how something came, which no other text of it changes."""

AUTHORS_WORD = frozenset({"blocked", "disallowed"})
"""The rules by which the author has decided beforehand: a preview changes nothing about them."""


def judge(case: Case) -> Verdict:
    """The verdict on a submission, with every rule that spoke.

    From `SUSPECT_FROM` on it is taken for spam, unless its writer has confirmed it; with any reason
    at all it waits for the author; without one it is published. What was said of its arrival
    stays said when its text changes.
    """
    kept = {reason.rule: reason for reason in case.earlier if reason.rule in OF_ARRIVAL}
    said = (check(case) or kept.get(name) for name, check in CHECKS)
    reasons = tuple(reason for reason in said if reason is not None)
    verdict = Verdict(Status.SPAM, reasons)
    if verdict.score >= SUSPECT_FROM and not _is_confirmed(case, reasons):
        return verdict
    return Verdict(Status.PENDING if reasons else Status.APPROVED, reasons)


def needs_preview(case: Case, verdict: Verdict) -> bool:
    """Whether its writer has to look at it once more before it is taken.

    Not who tripped the trap, nor what the author has ruled out: these are kept as suspects, where
    the author sees them.
    """
    if case.kind in PRIVATE or case.waited is not None or _is_beyond_doubt(verdict.reasons):
        return False
    if case.settings.preview == "never":
        return False
    is_newcomer = case.settings.preview == "newcomers" and not case.is_trusted
    return verdict.status is Status.SPAM or is_newcomer


def _is_confirmed(case: Case, reasons: tuple[Reason, ...]) -> bool:
    return case.waited is not None and not _is_beyond_doubt(reasons)


def _is_beyond_doubt(reasons: tuple[Reason, ...]) -> bool:
    return any(reason.rule == "trap" or reason.rule in AUTHORS_WORD for reason in reasons)
