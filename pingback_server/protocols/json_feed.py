"""Feeds as JSON: JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from .feed import Feed, Item, Person, without_forbidden


def write_json_feed(feed: Feed) -> bytes:
    """The feed as a JSON Feed; what is empty is left out."""
    feed = without_forbidden(feed)
    values = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "description": feed.description,
        "user_comment": f"{feed.hint.text} {feed.home}",
        "language": feed.language,
        "authors": [_person(feed.author)],
    }
    given = {key: value for key, value in values.items() if value}
    items = [_item(item) for item in feed.items]
    return (json.dumps({**given, "items": items}, ensure_ascii=False, indent=1) + "\n").encode()


def _item(item: Item) -> dict[str, Any]:
    values = {
        "id": item.id,
        "url": item.address,
        "title": item.title,
        "summary": item.summary,
        "date_published": _time(item.published),
        "date_modified": _time(item.updated),
        "authors": [_person(author) for author in item.authors],
        "tags": list(item.categories),
        "language": item.language,
    }
    return {**{key: value for key, value in values.items() if value}, "content_html": item.html}


def _person(person: Person) -> dict[str, str]:
    named = {"name": person.name}
    return {**named, "url": person.url} if person.url else named


def _time(at: datetime) -> str:
    """A time as RFC 3339 has it."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat()
