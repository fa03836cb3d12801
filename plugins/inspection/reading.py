"""What a text lacks for some of its readers: words for its images, an order of its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from pingback_server.domain.findings import Finding

from .sources import Places, Source
from .texts import read_text

_FILE = re.compile(r".+\.(jpe?g|png|gif|webp|avif|svg|bmp|tiff?|heic)", re.IGNORECASE)
_CAMERA = re.compile(r"(img|image|dsc[nf]?|pxl|photo|screenshot|capture)[\s_-]?\d+", re.IGNORECASE)


def of_reading(source: Source) -> Iterator[Finding]:
    """A finding for each image without words, and for each heading that skips a level."""
    text = read_text(source.content._content or "")
    places = Places(source)
    for address, words in text.images:
        line = places.line_of(address)
        if problem := _problem_of_image(
            address, words, source.lines[line - 1] if source.lines else ""
        ):
            yield Finding(problem, source.file, line)
    yield from _of_headings(source, text.headings)


def _problem_of_image(address: str, words: str | None, line: str) -> str | None:
    name = PurePosixPath(unquote(urlsplit(address).path)).name
    if words is None or (not words.strip() and "<img" not in line):
        rule = 'say what is to be seen, or write <img alt=""> if it only adorns'
        return f"the picture {name} has no alternative text: {rule}"
    stem = name.rpartition(".")[0]
    is_name = words == stem and re.search(r"[_\d]", stem)
    if _FILE.fullmatch(words.strip()) or _CAMERA.fullmatch(words.strip()) or is_name:
        return f"the alternative text {words!r} is a file's name: say what is to be seen"
    return None


def _of_headings(source: Source, headings: list[tuple[int, str]]) -> Iterator[Finding]:
    above, places = 1, Places(source)
    for level, words in headings:
        first = words.strip().split("\n")[0]
        line = places.line_of(first)
        if level == 1:
            rule = "the title is the page's only heading of the first level: begin with ##"
            yield Finding(f"{first!r}: {rule}", source.file, line)
        elif level > above + 1:
            rule = f"a heading of level {level} stands below one of level {above}"
            yield Finding(f"{first!r}: {rule}", source.file, line)
        above = level
