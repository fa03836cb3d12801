"""How words compare: case, accents and the ways of writing one letter make no difference."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# What decomposition leaves alone although readers take it for the plain letter.
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "’": "'"})
_FOREIGN = re.compile(r"[^\x00-\x7f]+")


@lru_cache(maxsize=64)
def folded(text: str) -> str:
    """`text` in lower case without accents, letters of other widths and styles made plain.

    Invisible characters (Unicode category Cf) are left out: they part words for programs alone.
    """
    if text.isascii():
        return text.lower()
    # Capitals in a style of their own have no small form until they are made plain.
    plain = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_LETTERS)
    if plain.isascii():
        return plain
    return _FOREIGN.sub(_without_signs, plain)


def words_of(author: str, title: str, text: str) -> str:
    """What an entry is found by when somebody looks for words: folded, its author on a line."""
    return "\n".join(map(folded.__wrapped__, (author, title, text)))


def _without_signs(run: re.Match[str]) -> str:
    return "".join(sign for sign in run[0] if unicodedata.category(sign) not in ("Mn", "Cf"))
