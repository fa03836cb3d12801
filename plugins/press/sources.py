"""Lines of a post's source: where a field of its metadata stands, where bytes are no text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import dropwhile, takewhile
from pathlib import Path
from urllib.parse import unquote

_FENCES = {"---": {"---", "..."}, "+++": {"+++"}}
_HTML = {".html", ".htm"}


def line_of_field(source: Path, *fields: str) -> int | None:
    """The line (from 1) of the first of `fields` that the head of `source` has.

    In Markdown that is `Date:`, in TOML `date =`, in reStructuredText `:date:`, in HTML
    `<meta name="date" …>`.
    """
    for field in fields:
        name = re.escape(field)
        pattern = re.compile(
            rf"\s*[\"':]?{name}[\"']?\s*[:=]|.*<meta\b[^>]*\bname=[\"']?{name}\b|.*<{name}>",
            re.IGNORECASE,
        )
        for number, line in _head(source):
            if pattern.match(line):
                return number
    return None


def line_of_value_in(source: Path, message: str) -> int | None:
    """The line of the metadata whose value `message` speaks of."""
    for number, line in _head(source):
        value = line.partition(":")[2].strip()
        if len(value) > 1 and value in message:
            return number
    return None


def line_of_link(source: Path, kind: str, path: str) -> int | None:
    """The line of the first link such as `{static}PATH` in `source`; `kind` is what is in braces.

    Pelican knows `path` as it stands in the page.
    """
    paths = (path, unescape(path), unquote(path))
    ways = {f"{start}{kind}{end}{one}" for start, end in ("{}", "||") for one in paths}
    for number, line in enumerate(_lines(source), start=1):
        if any(way in line for way in ways):
            return number
    return None


def line_of_bad_byte(source: Path) -> tuple[int, int] | None:
    """The line and the value of the first byte that is not UTF-8; None if there is none."""
    data = source.read_bytes()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1, data[error.start]
    return None


def _head(source: Path) -> Iterator[tuple[int, str]]:
    """The lines of the metadata of `source`, with their numbers."""
    numbered = list(enumerate(_lines(source), start=1))
    if source.suffix.lower() in _HTML:
        return takewhile(lambda line: "</head>" not in line[1].lower(), numbered)
    if source.suffix.lower() == ".rst":
        numbered = list(dropwhile(lambda line: not line[1].startswith(":"), numbered))
    ends = {""}
    if numbered and numbered[0][1].strip() in _FENCES:
        ends = _FENCES[numbered.pop(0)[1].strip()]
    return takewhile(lambda line: line[1].strip() not in ends, numbered)


def _lines(source: Path) -> list[str]:
    try:
        return source.read_text("utf-8-sig", errors="replace").splitlines()
    except OSError:
        return []
