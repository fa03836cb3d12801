"""Tells each post which one stands before it and which one after, among those in its language.

Templates find them as `article.previous_post` (the older one) and `article.next_post`; at either
end, and for what is not public, there is None.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

from pelican import signals


def register() -> None:
    signals.article_generator_finalized.connect(_introduce)


def _introduce(generator: Any) -> None:
    """Posts of one instant stand in the order of their addresses, so that each build agrees."""
    listed = [*generator.articles, *generator.translations]
    aside = [*generator.hidden_articles, *generator.hidden_translations]
    for article in (*listed, *aside, *generator.drafts, *generator.drafts_translations):
        article.previous_post = article.next_post = None
    for older, newer in _pairs(listed):
        older.next_post, newer.previous_post = newer, older


def _pairs(articles: list[Any]) -> list[tuple[Any, Any]]:
    """Each two neighbours, older first."""
    by_language = defaultdict(list)
    for article in sorted(articles, key=lambda one: (one.date, one.url)):
        by_language[article.lang].append(article)
    return [pair for row in by_language.values() for pair in pairwise(row)]
