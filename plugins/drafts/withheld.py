"""What an ordinary build keeps out of the output folder and leaves for friends under `drafts/`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from pelican.contents import Content, Static
from pelican.generators import ArticlesGenerator, PagesGenerator, StaticGenerator

from pingback_server.domain.errors import BuildFailed, NotPublished
from pingback_server.manifest import PublishedBlog
from pingback_server.server_settings import read_secrets
from pingback_server.unpublished import Links, Unpublished, keep, private_path

from .posts import address_as_public, appears_at, call_by_name, server_of_build, token_of
from .public_files import tell_of_public_files


class Withheld:
    """What one build has that is not public. `settings` are Pelican's."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        self._server = server_of_build()
        self._secrets: Sequence[str] = ()
        self.begin()

    def begin(self) -> None:
        """Begin a run, of which `pelican --autoreload` makes several.

        Whoever links to what is not public names the address that it will have: the private one
        is told by the author alone.
        """
        address_as_public(self._settings, "URL", "LANG_URL")
        self._generators: list[ArticlesGenerator | PagesGenerator] = []
        self._statics: dict[str, Static] = {}
        self._links = Links()
        self._files: dict[str, bytes | Static] = {}

    def take_articles(self, generator: ArticlesGenerator) -> None:
        """Remember who has the posts."""
        self._generators.append(generator)

    def take_pages(self, generator: PagesGenerator) -> None:
        """Remember who has the pages."""
        self._generators.append(generator)

    def take_files(self, generator: StaticGenerator) -> None:
        """Mark those files as drafts to which only unpublished posts lead."""
        theirs = {link for post in self._waiting() for link in post.get_static_links()}
        for post in self._public():
            theirs -= post.get_static_links()
        if theirs:
            given_away = theirs & generator.get_files(
                self._settings["STATIC_PATHS"],
                exclude=self._settings["STATIC_EXCLUDES"],
                extensions=False,
            )
            tell_of_public_files(given_away, self._waiting())
            theirs -= given_away
        for static in generator.staticfiles:
            # DEFAULT_METADATA speaks of posts, though Pelican gives it to every file.
            static.status = "published"
            path = static.get_relative_source_path()
            if path in theirs:
                static.status = "draft"
                self._statics[path] = static

    def address(self, context: dict[str, Any]) -> None:
        """Keep drafts and their files out of the output, now that every plugin has seen them.

        A draft may name a place of its own (`Save_as:`, or `permalink:` in YAML): Pelican would
        put it there.
        """
        for post in self._waiting():
            vars(post)["override_save_as"] = ""
        files = context["staticfiles"]
        files[:] = [static for static in files if static.status != "draft"]

    def render(self) -> None:
        """Make the private pages, after all that is public is written."""
        self._secrets = read_secrets(self._server)
        waiting = []
        for generator in self._generators:
            waiting += [self._render(post, generator) for post in _waiting_in(generator)]
        published = {
            token_of(post, self._secrets): f"/{post.url.lstrip('/')}".removesuffix("index.html")
            for post in self._public()
        }
        order = sorted(waiting, key=lambda one: (one.appears_at is not None, one.title, one.token))
        self._links = Links(tuple(order), published)

    def hand_over(self) -> None:
        """Leave the pages for those who know their addresses."""
        if not self._is_trial():
            try:
                files = {name: _as_is_shown(file) for name, file in self._files.items()}
                keep(self._server.data, self._links, files)
            except OSError as error:
                words = f"the drafts cannot be kept for friends: {error.strerror}"
                raise BuildFailed(words, error.filename) from error

    def _render(self, post: Any, generator: Any) -> Unpublished:
        """Make the page of one post as it will be, at its private address."""
        token = token_of(post, self._secrets)
        call_by_name(post)
        post.override_url = private_path(token).lstrip("/")
        post.override_save_as = post.override_url + "index.html"
        self._lay_beside(post, token)
        context = {**generator.context, "preview": True, "output_file": post.save_as}
        context["localsiteurl"] = generator.context["localsiteurl"] = context["site"].path
        kind = "article" if isinstance(generator, ArticlesGenerator) else "page"
        page = generator.get_template(post.template).render(
            {**context, kind: post, "category": getattr(post, "category", None), "url": post.url}
        )
        del post.override_url, post.override_save_as
        self._files[f"{token}/index.html"] = page.encode("utf-8")
        return Unpublished(token, str(post.title), appears_at(post))

    def _lay_beside(self, post: Content, token: str) -> None:
        """Put the files that only unpublished posts have beside this one's page."""
        for path in sorted(post.get_static_links() & self._statics.keys()):
            static = self._statics[path]
            for attribute in ("override_url", "override_save_as"):
                static.__dict__.pop(attribute, None)
            static._output_location_referenced = False
            static.attach_to(post)
            name = static.save_as.removeprefix(os.path.dirname(post.save_as) + "/")
            self._files[f"{token}/{name}"] = static

    def _waiting(self) -> Iterator[Content]:
        return chain.from_iterable(_waiting_in(generator) for generator in self._generators)

    def _public(self) -> Iterator[Content]:
        for generator in self._generators:
            if isinstance(generator, ArticlesGenerator):
                yield from chain(generator.articles, generator.translations)
                yield from chain(generator.hidden_articles, generator.hidden_translations)
            else:
                yield from chain(generator.pages, generator.translations)
                yield from chain(generator.hidden_pages, generator.hidden_translations)

    def _is_trial(self) -> bool:
        """Whether a plain `pelican` built into another folder than the one that is served."""
        if "PERMALIEN_BUILD_REPORT" in os.environ or not self._generators:
            return False
        try:
            served = PublishedBlog(self._server.manifest_path)().blog.output
        except NotPublished:
            return False
        return bool(served != self._generators[0].context["site"].output)


def _as_is_shown(file: bytes | Static) -> bytes | Path:
    """A page; a picture without what its camera wrote into it, if a plugin has left it so."""
    if isinstance(file, bytes):
        return file
    cleaned: bytes | None = getattr(file, "cleaned", None)
    return Path(str(file.source_path)) if cleaned is None else cleaned


def _waiting_in(generator: ArticlesGenerator | PagesGenerator) -> list[Content]:
    if isinstance(generator, ArticlesGenerator):
        return [*generator.drafts, *generator.drafts_translations]
    return [*generator.draft_pages, *generator.draft_translations]
