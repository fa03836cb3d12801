"""A page that links to a post, and what the blog makes of it: for the tests of sources."""

from __future__ import annotations

from datetime import UTC, datetime

from pingback_server.domain.source_pages import SourcePage
from pingback_server.protocols.source_page import Errand, read_page

POST = "https://blog.example/2026/01/first-post/"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SOURCE = "https://other.example/notes/1"


def read(
    page: str | bytes,
    content_type: str = "text/html; charset=utf-8",
    *,
    url: str = SOURCE,
    target: str = POST,
) -> SourcePage:
    """What the page at `url` says, read right here."""
    body = page if isinstance(page, bytes) else page.encode()
    return read_page(body, Errand(url, target, content_type, NOW))
