"""What of pings may wait, to be verified or for the author: more is refused at the door."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from ..domain.errors import QueueFull, TooMany
from ..domain.pings import Budgets
from .bare import Bare
from .schema import text_of

_COME_AGAIN = timedelta(minutes=10)
# The author decides when the author comes.
_COME_TOMORROW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Comer:
    """What a ping is counted by: the post it is for, its source as addresses compare, the source's
    host, and the network it was sent from, if that is known."""

    post: str
    source_key: str
    host: str
    network: str


@dataclass(frozen=True, slots=True)
class _Bound:
    """What is counted by which budget, and what is said of too many.

    `counted` are the rows, `:name` standing for what is known of the comer.
    """

    budget: str
    counted: str
    words: str
    wait: timedelta = _COME_AGAIN
    refusal: type[TooMany] = TooMany


def too_many(cursor: Bare, comer: Comer, budgets: Budgets, *, now: datetime) -> TooMany | None:
    """Why there is no room for one ping more, TooMany or QueueFull; None if there is."""
    given = {**asdict(comer), "since": text_of(now - budgets.hour)}
    given |= {f"most_{bound.budget}": getattr(budgets, bound.budget) for bound in _BOUNDS}
    # First what is of all pings: where that is spent, nothing else has to be counted.
    for bounds in (_OF_ALL, _OF_THE_COMER):
        question, names = _question(bounds, cursor.mark)
        [counts] = cursor.rows(question, [given[name] for name in names])
        for count, bound in zip(counts, bounds, strict=True):
            if count >= given[f"most_{bound.budget}"]:
                return bound.refusal(bound.words, bound.wait)
    return None


@lru_cache(maxsize=4)
def _question(bounds: Sequence[_Bound], mark: str) -> tuple[str, tuple[str, ...]]:
    """How many there are of each, counted along one index and no further than is allowed; and what
    has to be given, in its order."""
    counts = ", ".join(
        f"(SELECT count(*) FROM (SELECT 1 FROM {one.counted} LIMIT :most_{one.budget}) AS counted)"
        for one in bounds
    )
    return _NAMED.sub(mark, f"SELECT {counts}"), tuple(_NAMED.findall(counts))


_NAMED = re.compile(":([a-z_]+)")
_WAITING = "pings WHERE state = 'received'"
_LATELY = "pings WHERE received_at > :since"
# The sparse index of them is of all that is not said by the form.
_IS_UNDECIDED = (
    "comments.kind IN ('pingback', 'trackback', 'webmention') AND comments.kind != 'comment'"
    " AND comments.status = 'pending'"
)
_UNDECIDED = f"comments WHERE {_IS_UNDECIDED}"
_UNDECIDED_OF_HOST = (
    f"comments JOIN pings ON pings.comment = comments.id WHERE {_IS_UNDECIDED}"
    " AND pings.host = :host"
)
_SAME = "too many pings came from there or for this post"
_FOR_THE_AUTHOR = f"{_SAME}, and wait for the author"
_OF_ALL = (
    _Bound("everything", _WAITING, "too many pings wait to be verified", refusal=QueueFull),
    _Bound(
        *("everything", _UNDECIDED, "too many pings wait for the author", _COME_TOMORROW),
        refusal=QueueFull,
    ),
)
_OF_THE_COMER = (
    _Bound("host", f"{_WAITING} AND host = :host", _SAME),
    _Bound("post", f"{_WAITING} AND post = :post", _SAME),
    _Bound("network", f"{_LATELY} AND network = :network AND network != ''", _SAME),
    _Bound("source", f"{_LATELY} AND source_key = :source_key", _SAME),
    _Bound("host", _UNDECIDED_OF_HOST, _FOR_THE_AUTHOR, _COME_TOMORROW),
    _Bound("post", f"{_UNDECIDED} AND post = :post", _FOR_THE_AUTHOR, _COME_TOMORROW),
)
_BOUNDS = (*_OF_ALL, *_OF_THE_COMER)
