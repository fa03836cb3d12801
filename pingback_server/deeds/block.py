"""The author blocks, or blocks no longer: a domain, an address, a network, a pattern, a browser."""

from __future__ import annotations

from datetime import datetime

from ..domain.actions import UNBLOCK
from ..domain.discussion import Entry
from ..domain.form import tidy_line
from ..domain.rulings import RulingKind, about
from ..store import Store


def block(
    kind: RulingKind,
    value: str,
    *,
    store: Store,
    now: datetime,
    by: str,
    note: str = "",
    sweep: bool = False,
) -> list[Entry]:
    """Suspect from now on whatever comes from there; what `sweep` put into spam comes back.

    The ruling and what it throws out are one commit. BadRuling, Unavailable; then nothing changed.
    """
    return store.rulings.block(about(kind, value), tidy_line(note), now=now, by=by, sweep=sweep)


def unblock(kind: RulingKind, value: str, *, store: Store, now: datetime, by: str) -> bool:
    """Take it from the block list, and say whether it stood there. BadRuling, Unavailable."""
    was_there = store.rulings.unblock(about(kind, value))
    if was_there:
        store.actions.note(UNBLOCK, kind, {}, now=now, by=by)
    return was_there
