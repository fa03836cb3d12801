"""What leads from former addresses to today's: a page at each, and maps for the web servers."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from pelican.contents import Content
from pelican.generators import ArticlesGenerator, PagesGenerator

from pingback_server.blog_folder import folder_of_build
from pingback_server.domain.errors import NotPublished
from pingback_server.domain.former import former_addresses, plain
from pingback_server.manifest import PublishedBlog
from pingback_server.server_settings import ServerSettings, read_server_settings

from .aliases import check_aliases
from .maps import for_caddy, for_nginx
from .numbers import check_numbers
from .refusal import wrong

logger = logging.getLogger(__name__)

_PUBLIC = {"published", "hidden"}


class Redirects:
    """Where the posts and pages of one build stood before. `settings` are Pelican's."""

    def __init__(self, settings: dict[str, Any], environment: Mapping[str, str]) -> None:
        self._folder = folder_of_build(environment)
        self._server: ServerSettings = read_server_settings(self._folder, environment)
        self._root = urlsplit(settings["SITEURL"].rstrip("/")).path
        # Where the pages are served from; during the build the press names another place.
        self._output = (self._folder / settings["OUTPUT_PATH"]).resolve()
        self._is_by_hand = "PERMALIEN_BUILD_REPORT" not in environment
        self._is_preview = bool(environment.get("PERMALIEN_PREVIEW"))
        self._contents: list[Any] = []

    def collect(self, generators: list[Any]) -> None:
        """Take what is live; refuse numbers and aliases that two have, now or when it is time."""
        # A preview lists what is not public as well.
        self._contents = [one for one in _live(generators) if one.status in _PUBLIC]
        self._generator = generators[0]
        # What is scheduled is younger than what is live: it stands last, and is the one refused.
        coming = [*self._contents, *_scheduled(generators)]
        check_numbers(coming)
        check_aliases(coming)

    def write_pages(self, output: Path) -> None:
        """Write a page that leads on, into `output`, at each former address that can have one.

        Where something else stands there by now, that is logged as an error.
        """
        for content in self._contents:
            for alias in content.aliases:
                if rule := _obstacle(output, alias, content):
                    # All of them at once: the press tells each and publishes nothing.
                    logger.error("%s", wrong(content, "Aliases", rule))
                elif file := _file_at(alias):
                    place = output / file
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_text(self._page_to(content), encoding="utf-8")

    def _page_to(self, content: Any) -> str:
        template = self._generator.get_template("redirect")
        values = {"lang": content.lang, "title": content.title, "path": _path_of(content)}
        return str(template.render({**self._generator.context, **values}))

    def write_maps(self) -> None:
        """Leave nginx and Caddy the list of former addresses, now that the pages are live."""
        if not self._is_trial():
            live = {plain(_path_of(content)) for content in self._contents}
            moved = {
                address: _path_of(content)
                for content in self._contents
                for address in former_addresses(
                    _path_of(content), content.aliases, getattr(content, "number", None)
                )
            }
            _replace(self._server.data / "redirects.nginx", for_nginx(moved, self._root, live))
            _replace(self._server.data / "redirects.caddy", for_caddy(moved, self._root))

    def _is_trial(self) -> bool:
        """Whether this build is for another folder than the one that is served."""
        try:
            before = PublishedBlog(self._server.manifest_path)()
        except NotPublished:
            return self._is_preview
        served = (self._folder / before.blog.output).resolve()
        return self._is_preview or (self._is_by_hand and served != self._output)


def _live(generators: list[Any]) -> Iterator[Content]:
    """Every post and page that is published, listed or hidden, in a stable order."""
    for generator in generators:
        if isinstance(generator, ArticlesGenerator):
            yield from [*generator.articles, *generator.translations]
            yield from [*generator.hidden_articles, *generator.hidden_translations]
        elif isinstance(generator, PagesGenerator):
            yield from [*generator.pages, *generator.translations]
            yield from [*generator.hidden_pages, *generator.hidden_translations]


def _scheduled(generators: list[Any]) -> Iterator[Content]:
    """Every post whose date has not come."""
    for generator in generators:
        if isinstance(generator, ArticlesGenerator):
            drafts = (*generator.drafts, *generator.drafts_translations)
            yield from (post for post in drafts if post.metadata.get("status") != "draft")


def _path_of(content: Content) -> str:
    return f"/{content.url.removesuffix('index.html').lstrip('/')}"


def _file_at(alias: str) -> str | None:
    """The file, seen from the output folder, that a web server looks for at `alias`.

    None where that would be no page.
    """
    below, ending = PurePosixPath(alias.strip("/")), PurePosixPath(alias).suffix.lower()
    if alias.endswith("/") or not ending[1:].isalpha():
        return str(below / "index.html")
    return str(below) if ending in {".html", ".htm"} else None


def _obstacle(output: Path, alias: str, content: Content) -> str | None:
    """Why there can be no page at `alias`, in words; None if there can."""
    if plain(alias) == plain(_path_of(content)):
        return f"{alias} is its own address today; take it out"
    place = output / (_file_at(alias) or alias.strip("/"))
    if place.is_dir() or any(parent.is_file() for parent in (place, *place.parents)):
        return f"at {alias} stands something else of this blog today"
    return None


def _replace(file: Path, text: str) -> None:
    """Put `text` in the place of the old file, whole or not at all, if it is another."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, file)
