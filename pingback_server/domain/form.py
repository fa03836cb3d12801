"""The comment form: what its fields may hold, and what is wrong with them in one word each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from urllib.parse import urlsplit

from .errors import Invalid, TooLarge

AUTHOR_LENGTH = 100
EMAIL_LENGTH = 254
URL_LENGTH = 500

_REQUIRED = frozenset({"author"})

_CONTROLS = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_EMAIL = re.compile(r"[^@\s<>(),:;\"\[\]\\]+@[^@\s<>(),:;\"\[\]\\.]+(\.[^@\s<>(),:;\"\[\]\\.]+)+")
# Line ends and marks may be written with more characters than are left when a text is tidy.
_BEFORE_TIDYING = 4
_LONGEST_RUN = 30
_GRAPHEME_JOINER = "\u034f"
# Letters by name that are blanks to the eye: the fillers of Hangul, the empty Braille cell.
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_NUMBER = re.compile("[0-9]{1,18}")
_BARE_HOST = re.compile(r"[\w-]+(\.[\w-]+)+(/\S*)?")


@dataclass(frozen=True, slots=True)
class CommentForm:
    """What a reader's browser sent.

    `trap` is None when the hidden field was left out; `confirm` is the token of the preview that
    its writer has seen, if any.
    """

    token: str = ""
    author: str = ""
    email: str = ""
    url: str = ""
    comment: str = ""
    parent: str = ""
    trap: str | None = None
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a form, tidied and found in order."""

    author: str
    email: str
    url: str
    comment: str
    parent: int | None


def check_form(
    form: CommentForm, comment_length: int, required: Container[str] = _REQUIRED
) -> Fields:
    """Tidy the fields and check them; nothing is ever cut silently.

    `required` are the fields that have to be filled in besides the text. Raises
    TooLarge for a comment over `comment_length` characters, and Invalid with a word for every other
    field at fault: `missing`, `too-long` or `malformed`.
    """
    if len(form.comment) > _BEFORE_TIDYING * comment_length:
        raise TooLarge(len(form.comment), comment_length)
    comment = tidy_text(form.comment)
    if len(comment) > comment_length:
        raise TooLarge(len(comment), comment_length)
    fields = Fields(
        author=tidy_line(form.author),
        email=tidy_line(form.email),
        url=_with_scheme(tidy_line(form.url)),
        comment=comment,
        parent=int(form.parent) if _NUMBER.fullmatch(form.parent) else None,
    )
    problems = {
        "author": _author_problem(fields.author, "author" in required),
        "email": _email_problem(fields.email, "email" in required),
        "url": _url_problem(fields.url),
        "comment": None if has_something_to_see(comment) else "missing",
        "parent": "malformed" if form.parent and fields.parent is None else None,
    }
    found = {field: problem for field, problem in problems.items() if problem}
    if found:
        raise Invalid(found)
    return fields


def tidy_text(text: str) -> str:
    """Line ends as `\\n`, composed letters, no character that XML or a terminal chokes on."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", _stream_safe(lines))
    return without_controls(text).rstrip().lstrip("\n")


def _stream_safe(text: str) -> str:
    """`text` in Stream-Safe Text Format (Unicode TR15 §12.1), which bounds the work of composing.

    A joiner stands between every 30 marks in a row: to sort longer runs takes quadratic time.
    """
    if text.isascii():
        return text
    safe, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > _LONGEST_RUN:
            safe.append(_GRAPHEME_JOINER)
            run = 1
        safe.append(character)
    return "".join(safe)


def without_controls(text: str) -> str:
    """`text` without the characters that XML 1.0 forbids (§2.2) and other invisible controls."""
    return _CONTROLS.sub("", text)


def tidy_line(text: str) -> str:
    """A single line without marks that turn the direction of what stands beside it."""
    return " ".join(without_directions(tidy_text(text)).split())


def without_directions(text: str) -> str:
    """`text` without the marks that turn the direction of what stands beside it (Unicode TR9)."""
    return _DIRECTIONS.sub("", text)


def _with_scheme(url: str) -> str:
    return f"https://{url}" if _BARE_HOST.fullmatch(url) else url


def _author_problem(author: str, is_required: bool) -> str | None:
    if (is_required or author) and not has_something_to_see(author):
        return "missing"
    return "too-long" if len(author) > AUTHOR_LENGTH else None


def has_something_to_see(text: str) -> bool:
    """Whether any character of `text` is a letter, a figure, a sign or a symbol (Unicode §4.5)."""
    return any(
        unicodedata.category(character)[0] in "LNPS" and character not in _FILLERS
        for character in text
    )


def _email_problem(email: str, is_required: bool) -> str | None:
    if not email:
        return "missing" if is_required else None
    if len(email) > EMAIL_LENGTH:
        return "too-long"
    return None if _EMAIL.fullmatch(email) else "malformed"


def _url_problem(url: str) -> str | None:
    if not url:
        return None
    if len(url) > URL_LENGTH:
        return "too-long"
    return None if is_web_address(url) else "malformed"


def is_web_address(url: str) -> bool:
    """An absolute http(s) address without user, password or anything to be read two ways.

    Browsers read `%61` in a host as the letter that it spells (WHATWG URL §3.5): it is taken there
    for nothing but hiding whom it leads to.
    """
    if any(character in url for character in ' \\"<>^`{|}'):
        return False
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and port_is_fine
        and not any(sign in parts.netloc for sign in "@%")
    )
