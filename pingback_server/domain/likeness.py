"""Which texts are nearly the same: shingles of words, and features by which they are found."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise

from .addresses import place_of
from .rules.words import words_of_text

NEARLY_THE_SAME = 0.5
"""From this share of common shingles on (Jaccard), two texts are nearly the same."""

_SHINGLE = 3  # words
_BANDS, _ROWS = 12, 2
_PRIME = (1 << 61) - 1
_FEWEST_LETTERS = 20
_ADDRESS = re.compile(r"(?:https?://|\bwww\.)\S+", re.IGNORECASE)


def shingles(text: str) -> frozenset[str]:
    """Every three words that follow one another in `text`, folded, without its addresses.

    Of a text of fewer words these, and of one with hardly a letter nothing: too many say the same
    by chance.
    """
    words = words_of_text(_ADDRESS.sub(" ", text))
    if sum(map(len, words)) < _FEWEST_LETTERS:
        return frozenset()
    if len(words) < _SHINGLE:
        return frozenset([" ".join(words)])
    rows = (words[start : start + _SHINGLE] for start in range(len(words) - _SHINGLE + 1))
    return frozenset(" ".join(row) for row in rows)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the shingles that two texts have in common, from 0 to 1."""
    either = len(one | other)
    return len(one & other) / either if either else 0.0


def features(text: str, url: str) -> list[str]:
    """What two texts that are nearly the same very likely share, at least one of (MinHash bands).

    A website that is more than a host's front page is a feature too.
    """
    found = _bands(shingles(text))
    if address := _website(url):
        found.append(f"site {_digest(address):016x}")
    return found


def same_website(one: str, other: str) -> bool:
    """Whether two websites that people gave are one and the same."""
    place = _website(one)
    return bool(place) and place == _website(other)


def _bands(pieces: frozenset[str]) -> list[str]:
    """Where likeness is 0.5 one is common with a chance of 97 %, where it is 0.1 of 11 %."""
    if not pieces:
        return []
    hashes = [_digest(piece) for piece in pieces]
    least = [min((times * one + plus) % _PRIME for one in hashes) for times, plus in _PERMUTATIONS]
    rows = (least[start : start + _ROWS] for start in range(0, len(least), _ROWS))
    return [f"{band:02d} {_digest(' '.join(map(str, row))):016x}" for band, row in enumerate(rows)]


def _website(url: str) -> str:
    place = place_of(url) if url else None
    return f"{place.host}{place.path}?{place.query}" if place else ""


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


_PERMUTATIONS = tuple(
    pairwise(_digest(f"permutation {number}") % _PRIME for number in range(_BANDS * _ROWS + 1))
)
