"""Trackback (1.2) on the wire: the fields of a form in whatever letters, an answer in XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from ..domain.errors import Invalid
from .charsets import charset_of, encoding_named

LARGEST_FORM = 64 * 1024
"""How many bytes of a form are read."""

_MOST_FIELDS = 20
_LONGEST = {"url": 2000, "title": 250, "excerpt": 2000, "blog_name": 100}
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = re.compile(r"\s+")


def read_fields(body: bytes, content_type: str) -> Mapping[str, str]:
    """What the form says: `url`, which is there, and `title`, `excerpt` and `blog_name`.

    The letters are those that the Content-Type names, else the field `charset`, else UTF-8 if they
    can be that and those of western Europe if not. What is too long is cut, except the `url`; white
    space is folded. Invalid if there is no `url`, or this is no such form.
    """
    try:
        pairs = parse_qsl(
            body.decode("latin-1"),
            keep_blank_values=True,
            encoding="latin-1",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise Invalid({"url": "missing"}) from None
    given = {name: value.encode("latin-1") for name, value in pairs}
    named = charset_of(content_type) or given.get("charset", b"").decode("latin-1")
    fields = {name: _tidy(given.get(name, b""), named, _LONGEST[name]) for name in _LONGEST}
    if not fields["url"] or len(given.get("url", b"")) > _LONGEST["url"]:
        raise Invalid({"url": "too-long" if fields["url"] else "missing"})
    return fields


def success() -> bytes:
    """The answer to a trackback that is taken."""
    return _answer("<error>0</error>")


def failure(message: str) -> bytes:
    """The answer to one that is not, with the reason for people."""
    said = escape(_NOT_XML.sub("\ufffd", message))
    return _answer(f"<error>1</error>\n<message>{said}</message>")


def _answer(inside: str) -> bytes:
    return (f'<?xml version="1.0" encoding="utf-8"?>\n<response>\n{inside}\n</response>\n').encode()


def _tidy(value: bytes, charset: str, length: int) -> str:
    text = _SPACE.sub(" ", _NOT_XML.sub(" ", _decoded(value, charset))).strip()
    return text[:length].rstrip()


def _decoded(value: bytes, charset: str) -> str:
    for name in (encoding_named(charset), "utf-8", "windows-1252"):
        try:
            if name is not None:
                return value.decode(name)
        except UnicodeError:
            continue
    return value.decode("latin-1")
