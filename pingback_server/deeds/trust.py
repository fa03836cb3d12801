"""The author trusts, or trusts no longer: a domain or a browser; a typed address proves nothing."""

from __future__ import annotations

from datetime import datetime

from ..domain.actions import UNTRUST
from ..domain.errors import BadRuling
from ..domain.form import tidy_line
from ..domain.rulings import About, RulingKind, about
from ..store import Store

_PROVEN = frozenset({RulingKind.DOMAIN, RulingKind.BROWSER})


def trust(
    kind: RulingKind, value: str, *, store: Store, now: datetime, by: str, note: str = ""
) -> None:
    """Let in what comes from there without waiting: pings from a domain, comments from a browser.

    BadRuling for what anybody can pretend to be. Unavailable.
    """
    store.rulings.trust(_provable(kind, value), tidy_line(note), now=now, by=by)


def untrust(kind: RulingKind, value: str, *, store: Store, now: datetime, by: str) -> bool:
    """Trust it no longer, and say whether it was. BadRuling, Unavailable."""
    was_there = store.rulings.untrust(_provable(kind, value))
    if was_there:
        store.actions.note(UNTRUST, kind, {}, now=now, by=by)
    return was_there


def _provable(kind: RulingKind, value: str) -> About:
    if kind not in _PROVEN:
        raise BadRuling(f"whoever knows it can write this {kind}: trust a domain or a browser")
    return about(kind, value)
