"""The blog's feeds: Atom, RSS and JSON, of all posts and of each list that the settings name.

Pelican's own settings say where they stand (FEED_ALL_ATOM, CATEGORY_FEED_ATOM, …); it asks its
writer for each of them, and ours writes them with full text and the count of what was said. The
map: `writer` that writer, `items` what a feed says of a post.
"""

from __future__ import annotations

from typing import Any

from pelican import Pelican, signals

from .writer import FeedWriter


def register() -> None:
    signals.get_writer.connect(_writer)
    signals.article_writer_finalized.connect(_write_json)


def _writer(_: Pelican) -> type[FeedWriter]:
    return FeedWriter


def _write_json(generator: Any, writer: FeedWriter) -> None:
    path = generator.settings.get("FEED_ALL_JSON")
    if path:
        writer.write_feed(
            writer.newest_first([*generator.articles, *generator.translations]),
            generator.context,
            path,
            feed_type="json",
        )
