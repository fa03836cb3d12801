"""The title of a post's page, as the blog's own templates write it, before the page is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from pelican.contents import Article
from pelican.generators import ArticlesGenerator

from .conversation import NO_CONVERSATION

_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)


def titles_of(generator: ArticlesGenerator) -> Callable[[Article], str]:
    """Says of an article of `generator` what its page will have in `<title>`.

    The page is rendered as far as that: what stands below a post may depend on the title.
    """

    def title_of(article: Any) -> str:
        context = {
            **generator.context,
            "article": article,
            "category": article.category,
            "url": article.url,
            "output_file": article.save_as,
            "localsiteurl": generator.settings["SITEURL"],
            "override_output": hasattr(article, "override_save_as"),
            "blog": True,
            "comments_on": lambda _: NO_CONVERSATION,
        }
        page = ""
        template = generator.get_template(article.template)  # type: ignore[no-untyped-call]
        for piece in template.generate(context):
            page += str(piece)  # Markup would escape what is before it
            if found := _TITLE.search(page):
                return unescape(found[1])
        return str(article.title)

    return title_of
