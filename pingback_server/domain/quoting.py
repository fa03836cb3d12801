"""How a stranger's words are quoted: inert, whole words, never longer than there is room for."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from .form import URL_LENGTH, is_web_address, tidy_text, without_directions

SIDE = 100
"""How many characters of the text on each side of a link are quoted, as WordPress does."""
NAME_LENGTH = 100
TITLE_LENGTH = 300
CONTENT_LENGTH = 50_000
"""The longest comment that any blog can choose to take."""

_MARKS_PER_LETTER = 4
_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff\u00ad\u034f]")
# A no-break space is no white space of HTML: French sets it before its marks.
_SPACE = re.compile("[\t\n\f\r \x85\u2028\u2029]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_LANGUAGE = re.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,7}")
_FRAGMENT = re.compile(r"[\w.:-]{1,100}")
_JOINER = "\u200d"
_FIRST_YEAR = 1991
"""That of the first page on the web."""
# What a cut leaves to look at: the words that do not fit are not even tidied.
_ROOM = 8


def one_line(text: str, length: int) -> str:
    """`text` on one line of at most `length` characters, ended by `…` if it was longer."""
    line = _line(text[: _ROOM * length])
    return cut(line, length) if len(text) <= _ROOM * length else cut(f"{line} …", length)


def lines(text: str, length: int) -> str:
    """`text` with its lines, single blank ones between, at most `length` characters of it."""
    tidy = _sober(text[: 2 * length])
    folded = "\n".join(line.rstrip() for line in tidy.split("\n"))
    return cut(_BLANK_LINES.sub("\n\n", folded).strip(), length)


def cut(text: str, length: int) -> str:
    """At most `length` characters of `text`: whole words, then `…`, unless all of it fits."""
    if len(text) <= length:
        return text
    return f"{_head(text, length - 1)}…"


def around(before: str, link: str, after: str) -> str:
    """The words of a link and whole words on both sides, each side of at most 100 characters."""
    left = _tail(_line(before[-_ROOM * SIDE :]), SIDE)
    middle = one_line(link, SIDE)
    right = cut(_line(after[: _ROOM * SIDE]), SIDE)
    if middle and left and not before[-1:].isspace():
        left, middle = "", f"{left}{middle}"
    if right and after[:1] and not after[0].isspace():
        middle, right = f"{middle}{right}", ""
    return " ".join(part for part in (left, middle, right) if part)


def web_address(address: str) -> str:
    """`address` if it is an http(s) address that may be linked to, else nothing."""
    address = address.strip()
    return address if len(address) <= URL_LENGTH and is_web_address(address) else ""


def language_tag(tag: str) -> str:
    """`tag` if it has the form of a language tag (BCP 47 §2.1), else nothing."""
    tag = tag.strip()
    return tag if _LANGUAGE.fullmatch(tag) else ""


def fragment_of(address: str) -> str:
    """What follows `#` in `address`, if it is the plain name of a place in a page."""
    fragment = address.partition("#")[2]
    return fragment if _FRAGMENT.fullmatch(fragment) else ""


def past(date: str, now: datetime) -> datetime | None:
    """The instant that `date` names (ISO 8601), if it is one at which a page can have been written.

    Without a zone it is taken for UTC.
    """
    try:
        at = datetime.fromisoformat(date.strip())
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at.year >= _FIRST_YEAR and at <= now else None


def is_one_emoji(text: str) -> bool:
    """Whether all of `text` is one emoji, joined from several signs maybe (Unicode TR51)."""
    bases = [sign for sign in text.split(_JOINER) if sign]
    if not 0 < len(text) <= 16 or len(bases) != text.count(_JOINER) + 1:
        return False
    return all(_is_one_sign(sign) for sign in bases)


def _is_one_sign(text: str) -> bool:
    """A picture with what varies it: its style, a tone of skin, the tags of a flag."""
    if len(text) == 2 and all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in text):
        return True
    first, rest = text[0], text[1:]
    is_picture = first > "\u200d" and unicodedata.category(first) in {"So", "Sm"}
    return is_picture and all(
        letter in "\ufe0f\u20e3"
        or "\U0001f3fb" <= letter <= "\U0001f3ff"
        or "\U000e0020" <= letter <= "\U000e007f"
        for letter in rest
    )


def _line(text: str) -> str:
    return _SPACE.sub(" ", _sober(text)).strip(" ")


def _sober(text: str) -> str:
    """Tidy `text` without what has no width or turns around, at most four marks on a letter."""
    text = _ZERO_WIDTH.sub("", without_directions(tidy_text(text)))
    if text.isascii():
        return text
    kept, run = [], 0
    for letter in text:
        run = run + 1 if unicodedata.combining(letter) else 0
        if run <= _MARKS_PER_LETTER:
            kept.append(letter)
    return "".join(kept)


def _head(text: str, length: int) -> str:
    """The whole words at the beginning; of a single word that is longer, a piece."""
    head = text[:length]
    if not text[length].isspace() and not head[-1:].isspace():
        words = head.rsplit(None, 1)
        head = words[0] if len(words) == 2 else head
    return head.rstrip().rstrip(_JOINER)


def _tail(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return f"…{_head(text[::-1], length - 1)[::-1]}"
