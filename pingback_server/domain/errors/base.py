"""The root of the tree."""

from __future__ import annotations


class PermalienError(Exception):
    """Anything that this program says no to; its text says what, where and what to do."""
