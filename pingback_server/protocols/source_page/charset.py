"""The characters of a page from its bytes: which encoding it is in, as browsers find out."""

from __future__ import annotations

import codecs
import re

from ..charsets import charset_of, encoding_named

_PRESCAN = 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"""<meta\b[^<>]*?\bcharset\s*=\s*["']?\s*([\w:.-]{1,40})""", re.IGNORECASE)
_XML = re.compile(rb"""\s*<\?xml\b[^<>]*?\bencoding\s*=\s*["']([\w:.-]{1,40})""")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)


def decoded(page: bytes, content_type: str) -> str:
    """The text of `page`; what is no character in its encoding becomes U+FFFD.

    The mark of the byte order comes first, then `content_type`, then what the page says of itself
    in its first 1024 bytes (HTML §13.2.3.2). Without a word it is UTF-8 if it can be, else
    windows-1252.
    """
    for mark, name in _MARKS:
        if page.startswith(mark):
            return page[len(mark) :].decode(name, "replace")
    encoding = encoding_named(charset_of(content_type)) or _encoding_within(page[:_PRESCAN])
    if encoding:
        return page.decode(encoding, "replace")
    try:
        return page.decode("utf-8")
    except UnicodeDecodeError:
        return page.decode("cp1252", "replace")


def _encoding_within(beginning: bytes) -> str | None:
    head = _COMMENT.sub(b"", beginning)
    found = _META.search(head) or _XML.match(head)
    encoding = encoding_named(found[1].decode("ascii")) if found else None
    # Whoever could read this sentence did not need two bytes a letter.
    return "utf-8" if encoding and encoding.startswith("utf-16") else encoding
