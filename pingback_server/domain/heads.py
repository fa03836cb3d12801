"""The head of a post as text: what its lines say, and the post with one of them taken out.

It is read without a build: `Key: value` lines, or YAML between lines `---`, or TOML between `+++`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

_LINE = re.compile(r"([A-Za-z][\w-]*)\s*[:=]\s*(.*)")
_ENDS = {"---": {"---", "..."}, "+++": {"+++"}}
_LONGEST = 100  # lines


def fields_of(lines: Iterable[str]) -> dict[str, str]:
    """Each key of the head, in lower case, with its value; the last of two counts."""
    return {key: value for _, key, value in _lines(lines)}


def is_draft(fields: dict[str, str]) -> bool:
    """Whether a head with these fields says that the post is not to be public."""
    said = fields.get("status", "").lower() in {"draft", "hidden"}
    return said or fields.get("draft", "").lower() == "true"


def without_draft(text: str) -> str:
    """The post without the line by which it is a draft: the next build publishes it."""
    lines = text.splitlines(keepends=True)
    spoken = {
        number
        for number, key, value in _lines(lines)
        if (key, value.lower()) in {("status", "draft"), ("draft", "true")}
    }
    return "".join(line for number, line in enumerate(lines) if number not in spoken)


def _lines(lines: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    """Each line of the head that says something: its number from 0, its key, its value."""
    ends: set[str] = {""}
    for number, line in enumerate(islice(lines, _LONGEST)):
        text = line.strip()
        if number == 0 and text in _ENDS:
            ends = _ENDS[text]
        elif text in ends:
            return
        elif match := _LINE.fullmatch(text):
            yield number, match[1].lower(), match[2].strip("\"'")
