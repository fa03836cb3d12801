"""A conversation comes from a file: read, checked, and stored in one commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..domain.imports import posts_of, read_imports
from ..store import Store


@dataclass(frozen=True, slots=True)
class Import:
    """How many entries are new, how many were here already, and the posts that they are about."""

    new: int
    known: int
    posts: tuple[str, ...]


def import_file(text: str, *, store: Store, now: datetime) -> Import:
    """Store the entries of a file that no import brought before; their pages are marked.

    What was decided since about the others stays. BadImport or Unavailable: nothing was stored.
    """
    entries = read_imports(text)
    brought = store.bring_in(entries, now)
    return Import(brought.new, brought.known, tuple(posts_of(entries)))
