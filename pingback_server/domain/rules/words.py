"""Words that the author does not want to see unasked, or at all: they match words, not parts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ..discussion import Reason
from ..folding import folded
from ..form import Fields
from ..markup import targets_of, words_of
from .case import Case
from .senders import CERTAIN

_WORD = re.compile(r"[^\W_]+")
# What Markdown may take out of a text: without any, it is read as it was written.
_MARKS = re.compile(r"[*_`\[\\&<]")
# Scripts that are written without spaces: there a word is sought as a part of what stands there.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


class WordList:
    """A list of words and phrases, laid out so that looking takes as long as the text is.

    Case and accents make no difference, nor does what stands between the words of a phrase.
    """

    def __init__(self, listed: Iterable[str]) -> None:
        self._words: dict[str, str] = {}
        self._phrases: dict[str, list[tuple[str, str]]] = {}
        self._parts: list[tuple[str, str]] = []
        for entry in listed:
            words = words_of_text(entry)
            if _UNSPACED.search(entry):
                self._parts.append((folded(entry).strip(), entry))
            elif len(words) == 1:
                self._words[words[0]] = entry
            elif words:
                self._phrases.setdefault(words[0], []).append((f" {' '.join(words)} ", entry))

    def found_in(self, text: str) -> list[str]:
        """The entries that stand in `text`, as the author wrote them, each once."""
        present = _present(text)
        found = [self._words[word] for word in self._words.keys() & present]
        row = ""
        for first in self._phrases.keys() & present:
            row = row or f" {' '.join(words_of_text(text))} "
            found += [entry for phrase, entry in self._phrases[first] if phrase in row]
        plain = folded(text) if self._parts else ""
        found += [entry for part, entry in self._parts if part in plain]
        return sorted(dict.fromkeys(found))


@lru_cache(maxsize=16)
def words_of_text(text: str) -> tuple[str, ...]:
    """The words of `text`, folded, in its order: letters and figures, whatever stands between.

    Two lists are looked through for each text, so what was last asked is remembered.
    """
    return tuple(_WORD.findall(folded(text)))


def disallowed(case: Case) -> Reason | None:
    """A word that the author wants to see nowhere."""
    found = _found(case.settings.disallowed_words, case)
    return (
        Reason("disallowed", f"It has words not allowed here: {found}.", CERTAIN) if found else None
    )


def to_be_seen(case: Case) -> Reason | None:
    """A word that the author wants to see before it is public."""
    found = _found(case.settings.moderation_words, case)
    return (
        Reason("words", f"It has words that wait for the author: {found}.", 1.0) if found else None
    )


def _found(listed: tuple[str, ...], case: Case) -> str:
    """In any field as it was written, or as it is read: marks inside a word hide nothing."""
    if not listed:
        return ""
    text = _text(case.fields, case.html)
    return ", ".join(f"“{entry}”" for entry in _list(listed).found_in(text))


@lru_cache(maxsize=4)
def _text(fields: Fields, html: str) -> str:
    """All that both lists are looked for in."""
    written = f"{fields.author}\n{fields.email}\n{fields.url}\n{fields.comment}"
    if not _MARKS.search(fields.comment):
        return written
    return "\n".join((written, words_of(html), *targets_of(html)))


@lru_cache(maxsize=4)
def _present(text: str) -> frozenset[str]:
    return frozenset(words_of_text(text))


@lru_cache(maxsize=8)
def _list(listed: tuple[str, ...]) -> WordList:
    return WordList(listed)
