"""Names of which no part of an address can be made: `★` has no letter and no figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pelican.contents import Article, Content, Page

from .refusal import wrong


def check_slugs(content: Content) -> None:
    """BuildFailed for a title, category, tag or author whose page would stand at the address of
    another: two such tags are one to Pelican, at `tag//`.

    A draft may still be without a title.
    """
    if not isinstance(content, Article | Page) or content.status == "draft":
        return
    for key, name in _nameless(content):
        rule = f"{name!r} has no letter or figure to make an address of"
        raise wrong(content, key, rule + ("; add a `Slug:`" if key == "Title" else ""))


def _nameless(content: Any) -> Iterator[tuple[str, str]]:
    """Each key of the head whose value has no slug and needs one, with that value."""
    kind = type(content).__name__.upper()
    # What has no title at all is refused elsewhere, with better words.
    title = str(getattr(content, "title", ""))
    is_made_of_it = "{slug}" in str(content.settings[f"{kind}_SAVE_AS"])
    has_place = getattr(content, "slug", "") or hasattr(content, "override_save_as")
    if title.strip() and is_made_of_it and not has_place:
        yield "Title", title
    if isinstance(content, Article):
        yield from ((key, term.name) for key, term in _terms(content) if not term.slug)


def _terms(article: Any) -> Iterator[tuple[str, Any]]:
    """Under what the post is listed on a page of its own."""
    listed = {
        "Category": [article.category] if hasattr(article, "category") else [],
        "Tags": getattr(article, "tags", ()),
        "Author": getattr(article, "authors", ()),
    }
    for key, terms in listed.items():
        for term in terms:
            if term.save_as:
                yield key, term
