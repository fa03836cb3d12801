"""Where it leads: how many links, written how, and whether anything else is said at all."""

from __future__ import annotations

import re

from ..discussion import Reason
from ..markup import targets_of, words_of
from .case import Case

# Every address that a reader could follow, written as a link or not.
_ADDRESS = re.compile(r"https?://|\bwww\.[^\s.]+\.", re.IGNORECASE)
_ADDRESS_WHOLE = re.compile(r"(?:https?://|\bwww\.)\S+", re.IGNORECASE)
# Markup of other systems, written by programs that try all of them: no reader of our form does.
_FOREIGN = re.compile(r"\[(?:url|link)\b[^\]\n]{0,500}\]|<a\s[^>\n]{0,500}href", re.IGNORECASE)
_ONE_LINK = re.compile(r"\[(?:https?://)?[^\]\s]{1,500}\]\((https?://)", re.IGNORECASE)
_QUOTED = re.compile(r"`[^`\n]*`")
_FEW_LETTERS = 25
_EACH_TOO_MANY = 0.5
_MOST = 2.5


def count(text: str, html: str = "") -> int:
    """How many addresses stand in `text`; `[address](address)` is one link, and counts once.

    `html` is the text as it is read: Markdown has ways to write an address, or to use one many
    times, in which it does not stand in the text.
    """
    followed = len(targets_of(html))
    if not _may_have_address(text):
        return followed
    return max(followed, len(_ADDRESS.findall(_ONE_LINK.sub(r"\1", text))))


def _may_have_address(text: str) -> bool:
    """False for nearly every text without one, at a tenth of what looking for one takes."""
    return "//" in text or "ww." in text.lower()


def many(case: Case) -> Reason | None:
    """As many links as the author wants to see first; each more says more."""
    limit = case.settings.hold_at_links
    if not limit or case.is_trusted:
        return None
    links = count(case.fields.comment, case.html)
    if links < limit:
        return None
    score = min(1.0 + _EACH_TOO_MANY * (links - limit), _MOST)
    return Reason("links", f"It has {links} {'links' if links > 1 else 'link'}.", score)


def foreign(case: Case) -> Reason | None:
    """Links in the markup of other systems, which this form does not know."""
    text = case.fields.comment
    if "[" not in text and "<" not in text:
        return None
    if not _FOREIGN.search(_QUOTED.sub("", text)):
        return None
    return Reason("markup", "It has links in the markup of other systems.", 3.0)


def bare(case: Case) -> Reason | None:
    """A link with hardly a word beside it."""
    if case.is_trusted or not count(case.fields.comment, case.html):
        return None
    said = sum(map(str.isalnum, _ADDRESS_WHOLE.sub("", words_of(case.html))))
    if said >= _FEW_LETTERS:
        return None
    return Reason("bare", "It is a link with hardly a word beside it.", 1.5)
