"""What the pages say in the reader's language: gettext catalogues, and dates as people write them.

English is the source text. Another language is one catalogue: `LANGUAGE/LC_MESSAGES/permalien.po`
beside this file, compiled by `python tests/messages.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_HERE = Path(__file__).resolve().parent
_PLACE = re.compile(r"%\((\w+)\)s")


def later(text: str) -> str:
    """Mark `text` as a message that is translated elsewhere, by `t(variable)`."""
    return text


_MONTHS = (
    later("January"),
    later("February"),
    later("March"),
    later("April"),
    later("May"),
    later("June"),
    later("July"),
    later("August"),
    later("September"),
    later("October"),
    later("November"),
    later("December"),
)


# Each catalogue translates it by the name that its own language gives itself.
_NAME = later("English")
# Its third sign is what stands between thousands.
_TEN_THOUSAND = later("10,000")


class Words:
    """The messages of one language and the dates of one time zone; in templates it is called `t`.

    Everything it returns is plain text, never markup: the template escapes it.
    """

    def __init__(self, lang: str, catalogue: NullTranslations, zone: ZoneInfo) -> None:
        self.lang = lang
        self.zone = zone
        self._catalogue = catalogue

    def __call__(self, text: str, /, **values: object) -> str:
        """`text` in this language, `%(name)s` filled in; without values `%` is an ordinary sign."""
        translated = self._catalogue.gettext(text)
        return translated % values if values else translated

    def n(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The form that `number` asks for in this language; the text may name it as `%(n)s`."""
        return self._catalogue.ngettext(one, many, number) % {**values, "n": number}

    def parts(self, text: str, /) -> list[tuple[str, str | None]]:
        """The translated `text` as pairs of words and the name of the place that follows them.

        So a template puts links into a sentence whose order the language decides; the last pair
        may have no place.
        """
        *pieces, rest = _PLACE.split(self._catalogue.gettext(text))
        pairs: list[tuple[str, str | None]] = list(zip(pieces[::2], pieces[1::2], strict=True))
        return [*pairs, (rest, None)] if rest else pairs

    def date(self, at: datetime, /) -> str:
        """The day of `at` in the blog's time zone: «22 novembre 2026»."""
        there = self._there(at)
        t, month = self, self(_MONTHS[there.month - 1])
        if there.day == 1:
            return t("1 %(month)s %(year)s", month=month, year=there.year)
        return t("%(day)s %(month)s %(year)s", day=there.day, month=month, year=there.year)

    def month(self, at: datetime, /) -> str:
        """The month of `at` in the blog's time zone, without its year: «novembre»."""
        return self(_MONTHS[self._there(at).month - 1])

    def language(self, tag: str, /) -> str:
        """How the language `tag` calls itself: «Français»; the tag where no catalogue knows it."""
        there = words(tag, self.zone)
        return there(_NAME) if there.lang == _primary(tag) else tag

    def spoken(self, tag: str, /) -> str:
        """The language of these words around a text in language `tag`: that, if they are in it."""
        return tag if _primary(tag) == self.lang else self.lang

    def time(self, at: datetime, /) -> str:
        """The time of day of `at` in the blog's time zone: «14:03»."""
        return self._there(at).strftime("%H:%M")

    def number(self, number: int, /) -> str:
        """A whole number as people write it: «10 000»."""
        return f"{number:,}".replace(",", self(_TEN_THOUSAND)[2])

    def alphabetical(self, terms: Iterable[tuple[Any, Any]], /) -> list[tuple[Any, Any]]:
        """Pairs in the order of their first part's name, as in a dictionary: «écrire» below e."""
        return sorted(terms, key=lambda pair: _spelling(str(pair[0].name)))

    def _there(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError(f"{at!r} has no time zone, so its day is not known")
        return at.astimezone(self.zone)


@lru_cache(maxsize=64)
def words(language: str, zone: ZoneInfo) -> Words:
    """The words of `language` (a BCP 47 tag: its first part decides), English if it has none."""
    primary = _primary(language)
    if primary not in languages():
        return Words("en", NullTranslations(), zone)
    with (_HERE / primary / "LC_MESSAGES" / "permalien.mo").open("rb") as compiled:
        return Words(primary, GNUTranslations(compiled), zone)


def _spelling(name: str) -> tuple[str, str]:
    """How a name sorts: by its letters, and only then by their accents and capitals."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in bare if not unicodedata.combining(sign)), name


def _primary(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


@lru_cache(maxsize=1)
def languages() -> frozenset[str]:
    """The languages that have a catalogue; English needs none."""
    return frozenset(file.parts[-3] for file in _HERE.glob("*/LC_MESSAGES/permalien.mo"))
