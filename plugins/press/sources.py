"""Lines of a post's source: where a field of its metadata stands, where bytes are no text."""

from __future__ import annotations

import re
from pathlib import Path

_TEXTS = {".md", ".markdown", ".mkd", ".mdown", ".rst", ".html", ".htm"}


def line_of_field(source: Path, *fields: str) -> int | None:
    """The line (from 1) of the first of `fields` that `source` has.

    In Markdown that is `Date:`, in TOML `date =`, in reStructuredText `:date:`, in HTML
    `<meta name="date" …>`.
    """
    for field in fields:
        name = re.escape(field)
        pattern = re.compile(
            rf"\s*[\"':]?{name}[\"']?\s*[:=]|.*<meta\b[^>]*\bname=[\"']?{name}\b|.*<{name}>",
            re.IGNORECASE,
        )
        for number, line in enumerate(_lines(source), start=1):
            if pattern.match(line):
                return number
    return None


def line_of_value_in(source: Path, message: str) -> int | None:
    """The line of the metadata whose value `message` speaks of."""
    for number, line in enumerate(_lines(source), start=1):
        value = line.partition(":")[2].strip()
        if not line.strip():
            return None
        if len(value) > 1 and value in message:
            return number
    return None


def line_of_link(content: Path, path: str) -> tuple[Path, int] | tuple[None, None]:
    """The first file below `content` with a link such as `{static}PATH`, and the line of it."""
    ways = [f"{mark}{path}" for mark in ("}", "|")]
    for source in sorted(content.rglob("*")):
        if source.suffix.lower() in _TEXTS:
            for number, line in enumerate(_lines(source), start=1):
                if any(way in line for way in ways):
                    return source, number
    return None, None


def line_of_bad_byte(source: Path) -> tuple[int, int] | None:
    """The line and the value of the first byte that is not UTF-8; None if there is none."""
    data = source.read_bytes()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1, data[error.start]
    return None


def _lines(source: Path) -> list[str]:
    try:
        return source.read_text("utf-8-sig", errors="replace").splitlines()
    except OSError:
        return []
