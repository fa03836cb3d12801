"""What a password has to be, so that guessing it takes longer than anybody has."""

from __future__ import annotations

import unicodedata

from .errors import BadPassword

SHORTEST = 12
"""Characters. Length is all that is asked for, besides that (NIST SP 800-63B §5.1.1.2)."""

LONGEST = 256
_FEWEST_DIFFERENT = 5


def normalised(password: str) -> str:
    """The password as it is compared: alike from every keyboard that can type it."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *names: str) -> None:
    """Whether it can be taken for somebody with these names. BadPassword.

    Twelve characters of which five differ, and more in it than a name: four words will do.
    """
    text = normalised(password)
    if len(text) < SHORTEST:
        raise BadPassword("short")
    if len(text) > LONGEST:
        raise BadPassword("long")
    if len(set(text.casefold())) < _FEWEST_DIFFERENT:
        raise BadPassword("plain")
    rest = text.casefold()
    for name in filter(None, names):
        rest = rest.replace(name.casefold(), "")
    if len(rest) < SHORTEST // 2:
        raise BadPassword("name")
