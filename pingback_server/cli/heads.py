"""The heads of the posts that there are: what `permalien new` compares a new one with.

They are read as text, without a build: `Key: value` lines, or a YAML head between lines `---`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ENDINGS = {".md", ".markdown", ".mkd", ".mdown"}
_LINE = re.compile(r"([A-Za-z][\w-]*)\s*:\s*(.*)")
_LONGEST = 100  # lines


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of the post in `file` says; a folder below content/ may be its category."""

    file: Path
    title: str
    category: str
    number: int | None


def heads_in(content: Path) -> list[Head]:
    """The heads of all posts, in the order of their files."""
    files = sorted(path for path in content.rglob("*") if path.suffix.lower() in _ENDINGS)
    return [_head(file, content) for file in files]


def _head(file: Path, content: Path) -> Head:
    said = dict(_lines(file))
    folder = file.parent.name if file.parent not in (content, content / "pages") else ""
    number = said.get("number", "")
    return Head(
        file=file,
        title=said.get("title", ""),
        category=said.get("category") or folder,
        number=int(number) if number.isascii() and number.isdigit() else None,
    )


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    """Each key of the head, in lower case, with its value."""
    is_yaml = False
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in zip(range(_LONGEST), lines, strict=False):
            text = line.strip()
            if number == 0 and text == "---":
                is_yaml = True
            elif (is_yaml and text in {"---", "..."}) or (not is_yaml and not text):
                return
            elif match := _LINE.fullmatch(text):
                yield match[1].lower(), match[2].strip("\"'")
