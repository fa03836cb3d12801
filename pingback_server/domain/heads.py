"""The head of a post as text: what its lines say, and the post with one of them taken out.

It is read without a build: `Key: value` lines, or YAML between lines `---`, or TOML between `+++`.
Where a key stands is found in reStructuredText, too: in its first list of `:key: value` lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import dropwhile, islice, takewhile

_LINE = re.compile(r"([A-Za-z][\w-]*)\s*[:=]\s*(.*)")
_ENDS = {"---": {"---", "..."}, "+++": {"+++"}}
_FIELD = re.compile(r":[\w-]+:")
_UNDERLINE = re.compile(r"([=#*~^\"'+`-])\1{3,}")
_LONGEST = 100  # lines
# What YAML takes for a remark; in quotes it is none.
_REMARK = re.compile(r"\s+#.*")
# What keeps a post back, by the keys that say so; the last two mean it in YAML and TOML alone.
_KEEPS_BACK = {
    "status": {"draft"},
    "draft": {"true", "yes", "on"},
    "published": {"false", "no", "off"},
}


def fields_of(lines: Iterable[str]) -> dict[str, str]:
    """Each key of the head, in lower case, with its value; the last of two counts."""
    return {key: value for _, key, value in _lines(lines)}


def line_of(key: str, lines: Iterable[str]) -> int:
    """The line (from 1) of the head in which `key` stands; the first one where it stands nowhere.

    What looks like it in the text below is none.
    """
    named = re.compile(rf"[\"':]?{re.escape(key)}[\"']?\s*[:=]", re.IGNORECASE)
    return next((number + 1 for number, text in _head(lines) if named.match(text)), 1)


def is_draft(fields: dict[str, str]) -> bool:
    """Whether a head with these fields says that the post is not to be public."""
    return any(_keeps_back(key, fields.get(key, "")) for key in _KEEPS_BACK)


def is_hidden(fields: dict[str, str]) -> bool:
    """Whether a head with these fields has the post public in no list."""
    return fields.get("status", "").lower() == "hidden"


def without_draft(text: str) -> str:
    """The post without the line by which it is a draft: the next build publishes it."""
    lines = text.splitlines(keepends=True)
    spoken = {number for number, key, value in _lines(lines) if _keeps_back(key, value)}
    return "".join(line for number, line in enumerate(lines) if number not in spoken)


def _keeps_back(key: str, value: str) -> bool:
    return value.lower() in _KEEPS_BACK.get(key, ())


def _lines(lines: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    """Each line of the head that says something: its number from 0, its key, its value."""
    is_fenced, head = _read(lines)
    for number, text in head:
        if match := _LINE.fullmatch(text):
            key, value = match[1].lower(), match[2]
            if is_fenced and value[:1] not in {'"', "'"}:
                value = _REMARK.sub("", value)
            if is_fenced or key not in {"draft", "published"}:
                yield number, key, value.strip("\"'")


def _head(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Each line of the head, without white space around it: its number from 0, its text."""
    return _read(lines)[1]


def _read(lines: Iterable[str]) -> tuple[bool, Iterator[tuple[int, str]]]:
    """Whether the head is YAML or TOML, and its lines."""
    numbered = list(enumerate(line.strip() for line in islice(lines, _LONGEST)))
    is_fenced = bool(numbered) and numbered[0][1] in _ENDS
    if is_fenced:
        ends = _ENDS[numbered.pop(0)[1]]
    else:
        ends = {""}
        if any(_UNDERLINE.fullmatch(text) for _, text in numbered[:2]):
            # The title of a text in reStructuredText stands above its head.
            numbered = list(dropwhile(lambda line: not _FIELD.match(line[1]), numbered))
    return is_fenced, takewhile(lambda line: line[1] not in ends, numbered)
