"""What crawlers read first: sitemap.xml, every page with its last change, and robots.txt.

The map: `pages` the pages of a build, each with what changed it last; `sitemap` and `robots` the
two files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pelican import Pelican, signals

from .pages import Pages
from .robots import check_ai_crawlers, robots_txt
from .sitemap import sitemap_xml


def register() -> None:
    signals.initialized.connect(_open)
    signals.article_generator_init.connect(_begin)
    signals.content_written.connect(_note)
    signals.finalized.connect(_write)


def _open(pelican: Pelican) -> None:
    check_ai_crawlers(pelican.settings["AI_CRAWLERS"])
    pelican.settings["FOUND_PAGES"] = Pages()


def _begin(generator: Any) -> None:
    generator.settings["FOUND_PAGES"].begin()


def _note(path: str, context: dict[str, Any]) -> None:
    context["FOUND_PAGES"].note(path, context)


def _write(pelican: Pelican) -> None:
    pages: Pages = pelican.settings["FOUND_PAGES"]
    if pages.blog is None:
        return
    folder = Path(pelican.output_path)
    written = {
        "sitemap.xml": sitemap_xml(pages.listed()),
        "robots.txt": robots_txt(pages.blog, pelican.settings["AI_CRAWLERS"]),
    }
    for name, text in written.items():
        # The author's own, brought by STATIC_PATHS, is left alone.
        if not (folder / name).exists():
            (folder / name).write_text(text, "utf-8")
