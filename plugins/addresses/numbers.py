"""`Number:`, by which a post is known as `/?p=N` whatever its address is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pelican.contents import Article, Content

from .refusal import wrong

_NUMBER = re.compile("[1-9][0-9]{0,8}")


def read_number(content: Content) -> None:
    """Give an article its `number`, None if it has none.

    BuildFailed for one that is no whole number, or missing where the address is made of it.
    """
    if isinstance(content, Article):
        article: Any = content
        article.number = _number_of(content)
        if article.number is None and "{number}" in str(article.settings["ARTICLE_URL"]):
            _do_without(content)


def _number_of(article: Article) -> int | None:
    said = article.metadata.get("number")
    if said is not None and not _NUMBER.fullmatch(str(said)):
        raise wrong(article, "Number", f"has to be a whole number from 1 on, not {said!r}")
    return None if said is None else int(said)


def _do_without(article: Article) -> None:
    """Let a draft have some address, for who previews it; refuse what is to be published."""
    if article.status != "draft":
        raise wrong(
            article,
            "Number",
            "is missing; it stands in the address of every post of this blog (PERMALINKS), "
            "and `permalien new` writes the next free one",
        )
    article.metadata["number"] = getattr(article, "slug", "")


def check_numbers(contents: Iterable[Any]) -> None:
    """BuildFailed if two of the posts and pages have the same number."""
    seen: dict[int, Any] = {}
    for content in contents:
        number = getattr(content, "number", None)
        if number is not None and (other := seen.setdefault(number, content)) is not content:
            raise wrong(content, "Number", f"{other.relative_source_path} has {number} too")
