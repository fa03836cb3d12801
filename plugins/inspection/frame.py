"""The links around every page, in its menu and its foot: those that lead nowhere."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pingback_server.domain.findings import Finding

from .links import Links
from .sources import Source
from .texts import read_text

_MAIN = re.compile(r"<head>.*?</head>|<main\b.*?</main>", re.DOTALL)


def of_frame(
    sources: Sequence[Source], links: Links, output: Path, settings: dict[str, Any]
) -> Iterator[Finding]:
    """A finding for each such link of a page in each language, where it is written."""
    pages = {"": Path("index.html")}
    for source in sources:
        if source.is_public:
            pages.setdefault(source.content.lang, Path(source.content.save_as))
    told: set[str] = set()
    for page in (output / page for page in pages.values()):
        around = _MAIN.sub("", page.read_text("utf-8")) if page.is_file() else ""
        for link in read_text(around).links:
            # Every page has a way to its own text.
            problem = None if link.startswith("#") else links.problem(link)
            if problem and link not in told:
                told.add(link)
                yield _placed(link, problem, settings)


def _placed(link: str, problem: str, settings: dict[str, Any]) -> Finding:
    """In pelicanconf.py, or in a template of the author's, if it says so; else on every page."""
    folders = map(Path, settings["THEME_TEMPLATES_OVERRIDES"])
    templates = (file for folder in folders for file in sorted(folder.rglob("*.html")))
    for file in (Path(os.environ["PERMALIEN_BLOG"], "pelicanconf.py"), *templates):
        before, said, _ = file.read_text("utf-8").partition(link)
        if said:
            return Finding(problem, os.path.relpath(file), before.count("\n") + 1)
    return Finding(f"{problem} (in the menu or the foot of every page)")
