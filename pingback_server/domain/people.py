"""Who may sit at the desk, and what each may do there."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the blog: an owner may do everything, an author what concerns posts."""

    OWNER = "owner"
    MODERATOR = "moderator"
    AUTHOR = "author"
