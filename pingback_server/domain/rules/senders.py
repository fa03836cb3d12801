"""Who sends: a program that fills in every field, somebody blocked, somebody not known yet."""

from __future__ import annotations

from ..discussion import PRIVATE, Kind, Reason
from ..hosts import hosts_of
from ..markup import targets_of, words_of
from .case import Case

CERTAIN = 4.0
"""The score of what is enough by itself to suspect."""

NEWCOMER = Reason(
    "newcomer", "Nothing from this browser was approved yet, so the comment waits for the author."
)
REPORT = Reason("report", "A reader reports what it answers; nobody but the author reads it.")
EVERYTHING = Reason("everything", "Every comment waits for the author.")
LETTER = Reason("letter", "It is written to the author alone, and never published.")
TRAP_FILLED = Reason("trap", "The hidden field that only programs see was filled in.", CERTAIN)
TRAP_MISSING = Reason(
    "trap", "The hidden field was left out, so it was not sent by the form.", CERTAIN
)


def waiting(case: Case) -> Reason | None:
    """What waits whatever it says: a letter, every comment, or that of somebody not known yet."""
    if case.kind is Kind.REPORT:
        return REPORT
    if case.kind in PRIVATE:
        return LETTER
    if case.settings.moderation == "everything":
        return EVERYTHING
    is_held = case.settings.moderation == "newcomers" and not case.is_trusted
    return NEWCOMER if is_held else None


def trap(case: Case) -> Reason | None:
    """The field that no reader sees was filled in, or left out by a program that saw through it."""
    if case.trap is None:
        return TRAP_MISSING
    return TRAP_FILLED if case.trap else None


def blocked(case: Case) -> Reason | None:
    """The author has blocked where it comes from, or where it leads, or what it says."""
    rulings, fields = case.rulings, case.fields
    if rulings.is_empty:
        return None
    if rulings.blocks_email(fields.email):
        return _blocked("The e-mail address is blocked.")
    if rulings.blocks_network(case.whence.ip):
        return _blocked("The network it comes from is blocked.")
    if rulings.blocks_browser(case.whence.browser):
        return _blocked("The browser it comes from is blocked.")
    for host in hosts_of(fields.url, fields.comment, case.html):
        if domain := rulings.blocked_domain(host):
            return _blocked(f"It leads to a blocked domain: {domain}.")
    said = (fields.author, fields.comment, words_of(case.html))
    pattern = rulings.blocking_pattern("\n".join((*said, fields.url, *targets_of(case.html))))
    return _blocked(f"A blocked pattern stands in it: {pattern}.") if pattern else None


def _blocked(words: str) -> Reason:
    return Reason("blocked", words, CERTAIN)
