"""The writer that Pelican asks for each feed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pelican import signals
from pelican.utils import order_content, sanitised_join
from pelican.writers import Writer

from pingback_server.protocols.feed import Feed
from pingback_server.protocols.json_feed import write_json_feed
from pingback_server.protocols.syndication import write_atom, write_rss

from .items import feed_of

_FORMATS: dict[str, Callable[[Feed], bytes]] = {
    "atom": write_atom,
    "rss": write_rss,
    "json": write_json_feed,
}


class FeedWriter(Writer):
    """Pelican's writer, whose feeds are ours."""

    def write_feed(  # Pelican's signature
        self,
        elements: list[Any],
        context: dict[str, Any],
        path: str | None = None,
        url: str | None = None,
        feed_type: str = "atom",
        override_output: bool = False,
        feed_title: str | None = None,
    ) -> Feed:
        """Write the feed of `elements` at `path`; what it says comes back."""
        address = str(url or path or "").lstrip("/")
        newest = elements[: self.settings["FEED_MAX_ITEMS"]]
        title = str(feed_title) if feed_title else None
        feed = feed_of(newest, context, path=address, title=title)
        if path:
            place = Path(sanitised_join(self.output_path, path))
            place.parent.mkdir(parents=True, exist_ok=True)
            with self._open_w(place, "utf-8", override_output) as file:  # type: ignore[no-untyped-call]
                file.buffer.write(_FORMATS[feed_type](feed))
            signals.feed_written.send(str(place), context=context, feed=feed)
        return feed

    def newest_first(self, articles: list[Any]) -> list[Any]:
        """The posts in the order of the blog's lists."""
        ordered: list[Any] = order_content(articles, order_by=self.settings["ARTICLE_ORDER_BY"])
        return ordered
