"""The characters of a page from its bytes: which encoding it is in, as browsers find out."""

from __future__ import annotations

import codecs
import re

_PRESCAN = 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"""<meta\b[^<>]*?\bcharset\s*=\s*["']?\s*([\w:.-]{1,40})""", re.IGNORECASE)
_XML = re.compile(rb"""\s*<\?xml\b[^<>]*?\bencoding\s*=\s*["']([\w:.-]{1,40})""")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_PARAMETER = re.compile(r"""\bcharset\s*=\s*["']?\s*([\w:.-]{1,40})""", re.IGNORECASE)
# The Encoding Standard reads these two as the larger one that Windows made of them.
_LARGER = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}
# What the Encoding Standard knows (§4.2), by Python's names; UTF-7 is not among them.
_KNOWN = {
    *("utf-8", "utf-16-le", "utf-16-be", "utf-16", "koi8-r", "koi8-u", "cp866", "cp874"),
    *("mac-roman", "mac-cyrillic", "tis-620", "gbk", "gb18030", "big5", "big5hkscs"),
    *("euc_jp", "shift_jis", "cp932", "iso2022_jp", "euc_kr", "cp949"),
    *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 14, 15, 16)),
    *(f"cp125{number}" for number in range(9)),
}


def decoded(page: bytes, content_type: str) -> str:
    """The text of `page`; what is no character in its encoding becomes U+FFFD.

    The mark of the byte order comes first, then `content_type`, then what the page says of itself
    in its first 1024 bytes (HTML §13.2.3.2). Without a word it is UTF-8 if it can be, else
    windows-1252.
    """
    for mark, name in _MARKS:
        if page.startswith(mark):
            return page[len(mark) :].decode(name, "replace")
    said = _PARAMETER.search(content_type)
    encoding = _python_name(said[1]) if said else None
    encoding = encoding or _encoding_within(page[:_PRESCAN])
    if encoding:
        return page.decode(encoding, "replace")
    try:
        return page.decode("utf-8")
    except UnicodeDecodeError:
        return page.decode("cp1252", "replace")


def _encoding_within(beginning: bytes) -> str | None:
    head = _COMMENT.sub(b"", beginning)
    found = _META.search(head) or _XML.match(head)
    encoding = _python_name(found[1].decode("ascii")) if found else None
    # Whoever could read this sentence did not need two bytes a letter.
    return "utf-8" if encoding and encoding.startswith("utf-16") else encoding


def _python_name(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    name = _LARGER.get(name, name)
    return name if name in _KNOWN else None
