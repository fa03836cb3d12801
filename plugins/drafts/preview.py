"""A build for the author alone, in which drafts and scheduled posts stand among the others."""

from __future__ import annotations

import os
from itertools import chain
from pathlib import Path
from typing import Any

from pelican.contents import Content
from pelican.generators import ArticlesGenerator, PagesGenerator
from pelican.utils import order_content, process_translations

from pingback_server.domain.errors import BuildFailed

from .posts import address_as_public, call_by_name, server_of_build


class Preview:
    """Shows what is not public where it will stand. `settings` are Pelican's; BuildFailed if the
    output folder is not the preview's own: readers must not get it.

    PERMALIEN_PREVIEW may be the address of the preview: its pages name that in the blog's place.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        folder = server_of_build().preview_folder
        if not Path(os.path.realpath(settings["OUTPUT_PATH"])).is_relative_to(folder):
            raise BuildFailed(
                "PERMALIEN_PREVIEW shows what is not public: it is for `permalien serve --watch`, "
                f"which builds into {folder}"
            )
        if (own := os.environ["PERMALIEN_PREVIEW"]).startswith("http"):
            settings["SITEURL"] = own

    def begin(self) -> None:
        """Have drafts stand at the addresses that they will have."""
        address_as_public(self._settings, "URL", "LANG_URL", "SAVE_AS", "LANG_SAVE_AS")

    def take_articles(self, generator: ArticlesGenerator) -> None:
        """Put what is not public into the lists."""
        unpublished = [*generator.drafts, *generator.drafts_translations]
        for post in unpublished:
            call_by_name(post)
        everything = chain(generator.articles, generator.translations, unpublished)
        generator.articles, generator.translations = self._sorted(everything, "ARTICLE")
        generator.drafts, generator.drafts_translations = [], []

    def take_pages(self, generator: PagesGenerator) -> None:
        """The same for pages."""
        unpublished = chain(generator.draft_pages, generator.draft_translations)
        everything = chain(generator.pages, generator.translations, unpublished)
        generator.pages, generator.translations = self._sorted(everything, "PAGE")
        generator.draft_pages, generator.draft_translations = [], []
        generator.context.update(pages=generator.pages, draft_pages=[])

    def take_files(self, generator: Any) -> None:
        """Their pictures are carried as those of any post."""

    def address(self, context: dict[str, Any]) -> None:
        """Tell the templates, and have links lead to this preview and not to the live blog."""
        context["preview"] = True
        context["localsiteurl"] = context["site"].path

    def render(self) -> None:
        """Pelican does it."""

    def hand_over(self) -> None:
        """A preview leaves friends nothing."""

    def _sorted(self, posts: Any, kind: str) -> tuple[list[Content], list[Content]]:
        translated_by = self._settings[f"{kind}_TRANSLATION_ID"]
        originals, translations = process_translations(list(posts), translation_id=translated_by)
        return order_content(originals, self._settings[f"{kind}_ORDER_BY"]), translations
