"""How a post or page that is not public is known: its id, its secret address, when it appears."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import MAXYEAR, UTC, datetime
from typing import Any

from pelican.contents import Content

from pingback_server.blog_folder import folder_of_build
from pingback_server.domain.tokens import draft_token
from pingback_server.server_settings import ServerSettings, read_server_settings


def server_of_build() -> ServerSettings:
    """The server's settings for the blog that is being built."""
    return read_server_settings(folder_of_build(os.environ), os.environ)


def token_of(post: Content, secrets: Sequence[str]) -> str:
    """The name of its private page: from its stable id, and the word of its `Preview:`."""
    named = post.metadata.get("id") or post.relative_source_path
    return draft_token(secrets, str(named), str(post.metadata.get("preview", "")))


def appears_at(post: Content) -> datetime | None:
    """When a post will be public by itself; None for a draft, which waits for its author."""
    return None if post.metadata.get("status") == "draft" else post.date.astimezone(UTC)


def address_as_public(settings: dict[str, Any], *parts: str) -> None:
    """Have what is not public stand where it will stand: `parts` of Pelican's settings for it."""
    for part in parts:
        settings[f"DRAFT_{part}"] = settings[f"ARTICLE_{part}"]
        settings[f"DRAFT_PAGE_{part}"] = settings[f"PAGE_{part}"]


def call_by_name(post: Content) -> None:
    """Give what was kept back the status that templates show, and a draft without a date today's.

    Pelican dates such a draft at the end of the calendar.
    """
    post.status = "draft" if appears_at(post) is None else "scheduled"
    if hasattr(post, "date") and post.date.year == MAXYEAR:
        post.date = datetime.now(post.timezone).replace(microsecond=0)
