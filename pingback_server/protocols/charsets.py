"""Which encodings of letters we read, by the names under which others give them.

Names are looked up in a table made once. Python's own search runs codecs that turn letters into
quite other letters in quadratic time, and remembers every name that it never heard of for good.
"""

from __future__ import annotations

import re
from encodings import normalize_encoding
from encodings.aliases import aliases

# The Encoding Standard reads these as the larger one that Windows made of them.
_LARGER = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Labels of the Encoding Standard that Python has none of.
_LABELS = {
    **dict.fromkeys(("windows-31j", "x-sjis"), "cp932"),
    **dict.fromkeys(("windows-949", "ksc_5601"), "cp949"),
    **dict.fromkeys(("windows-874", "dos-874"), "cp874"),
    **dict.fromkeys(("gb_2312-80", "x-gbk"), "gb18030"),
    **dict.fromkeys(("cn-big5", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-8-i", "logical", "visual"), "iso8859-8"),
    "x-euc-jp": "euc_jp",
    "unicode-1-1-utf-8": "utf-8",
    "koi": "koi8-r",
    "koi8-ru": "koi8-u",
    "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    **{f"x-cp125{number}": f"cp125{number}" for number in range(9)},
}
# What the Encoding Standard knows (§4.2), by Python's names; UTF-7 is not among them.
_KNOWN = {
    *("utf-8", "utf-16-le", "utf-16-be", "utf-16", "koi8-r", "koi8-u", "cp866", "cp874"),
    *("mac-roman", "mac-cyrillic", "gb18030", "big5hkscs"),
    *("euc_jp", "cp932", "iso2022_jp", "cp949"),
    *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    *(f"cp125{number}" for number in range(9)),
}
_PARAMETER = re.compile(r"""\bcharset\s*=\s*["']?\s*([\w:.-]{1,40})""", re.IGNORECASE)


def encoding_named(label: str) -> str | None:
    """Python's name of the encoding that a page or a sender calls `label`; None if we read none."""
    return _BY_LABEL.get(_plain(label.strip())) if len(label) <= 100 else None


def charset_of(content_type: str) -> str:
    """The parameter `charset` of a Content-Type, as it is given; empty if there is none."""
    said = _PARAMETER.search(content_type)
    return said[1] if said else ""


def _plain(label: str) -> str:
    return normalize_encoding(label.lower()).replace(".", "_") if label.isascii() else ""


def _labels() -> dict[str, str]:
    """Every label of each encoding that we know, and of those that we read as a larger one."""
    named = {one: one for one in _KNOWN} | _LARGER
    by_module = {aliases.get(_plain(name), _plain(name)): name for name in named}
    found = {_plain(name): encoding for name, encoding in (_LABELS | named).items()}
    for alias, module in aliases.items():
        if module in by_module:
            found[alias] = named[by_module[module]]
    return found | {module: named[name] for module, name in by_module.items()}


_BY_LABEL = _labels()
