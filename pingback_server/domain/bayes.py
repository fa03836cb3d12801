"""How much a text reads like spam that the author has marked before (Graham 2002, Robinson 2003).

It sorts the queue and explains itself; it decides nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .discussion import Entry, Reason
from .hosts import ascii_host, hosts_of
from .rules.words import words_of_text

FEWEST_EXAMPLES = 50
"""So many examples of each kind it has to have seen before it speaks."""

_TELLING = 25  # how many of the words that tell most are weighed
_STRENGTH, _ASSUMED = 1.0, 0.5  # Robinson's s and x: a word seen once says little
_NEUTRAL = 0.1
_LEAST = 0.3  # how far from undecided it has to be to speak
_WEIGHT = 4.0
_MOST_WORDS = 300
_LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Learnt:
    """How many examples of spam and of honest texts were seen, and in how many each word stood."""

    spam: int
    honest: int
    words: Mapping[str, tuple[int, int]]


def words_of(author: str, email: str, texts: Iterable[str]) -> frozenset[str]:
    """What a text is weighed by: its words, where its links lead, who wrote it."""
    text = "\n".join(texts)
    listed = [word for word in words_of_text(text) if 1 < len(word) <= _LONGEST_WORD]
    hosts = [f"host {ascii_host(host)[:_LONGEST_WORD]}" for host in hosts_of(text)]
    names = [f"name {word[:_LONGEST_WORD]}" for word in words_of_text(author)]
    mail = [f"mail {email.rpartition('@')[2].lower()[:_LONGEST_WORD]}"] if email else []
    return frozenset((hosts + names + mail + listed)[:_MOST_WORDS])


def words_of_entry(entry: Entry) -> frozenset[str]:
    """What an entry is weighed by, and learnt from."""
    return words_of(entry.author, entry.email, (entry.url, entry.title, entry.site, entry.text))


def weigh(words: frozenset[str], learnt: Learnt) -> Reason | None:
    """What the words say, None as long as too little was learnt or they say nothing clear."""
    if min(learnt.spam, learnt.honest) < FEWEST_EXAMPLES:
        return None
    chances = {word: _chance(learnt.words[word], learnt) for word in words & learnt.words.keys()}
    telling = sorted(chances, key=lambda word: (-abs(chances[word] - 0.5), word))[:_TELLING]
    telling = [word for word in telling if abs(chances[word] - 0.5) > _NEUTRAL]
    chance = _combined([chances[word] for word in telling])
    if abs(chance - 0.5) < _LEAST:
        return None
    is_spam = chance > 0.5
    shown = [word for word in telling if (chances[word] > 0.5) == is_spam][:5]
    kind = "spam" if is_spam else "honest comments"
    return Reason(
        "bayes", f"Words like these stood in {kind} before: {', '.join(shown)}.", _score(chance)
    )


def _score(chance: float) -> float:
    return round(_WEIGHT * (chance - 0.5), 2)


def _chance(seen: tuple[int, int], learnt: Learnt) -> float:
    """The chance that a text with this word is spam, drawn towards one half where little was seen.

    Both kinds count the same, however many examples of each there are.
    """
    # A word may have been erased while a text had it: decided anew, that leaves less than none.
    in_spam, in_honest = max(seen[0], 0), max(seen[1], 0)
    spam, honest = in_spam / learnt.spam, in_honest / learnt.honest
    if not spam and not honest:
        return _ASSUMED
    number = in_spam + in_honest
    return (_STRENGTH * _ASSUMED + number * spam / (spam + honest)) / (_STRENGTH + number)


def _combined(chances: list[float]) -> float:
    """The chances in one, by Fisher's method in both directions: near one half if they disagree."""
    if not chances:
        return 0.5
    freedom = 2 * len(chances)
    spam = _inverse_chi_square(-2 * sum(math.log(1 - chance) for chance in chances), freedom)
    honest = _inverse_chi_square(-2 * sum(math.log(chance) for chance in chances), freedom)
    return (1 + honest - spam) / 2


def _inverse_chi_square(value: float, freedom: int) -> float:
    """The chance of a chi-square as great as `value`, for an even `freedom`."""
    half = value / 2
    term = total = math.exp(-half)
    for number in range(1, freedom // 2):
        term *= half / number
        total += term
    return min(total, 1.0)
