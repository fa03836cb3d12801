"""Counts for each rule what it caught, what was restored and what it missed, as humans decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from ..domain.discussion import Entry, Status
from ..domain.policy import SCORING
from .bare import bare
from .engine import Database
from .schema import actions, decisions, rule_tallies
from .schema import comments as comments_table

_WAITING = select(comments_table.c.reasons).where(
    comments_table.c.status == Status.SPAM, comments_table.c.decided_at.is_(None)
)
_SUMS = select(
    rule_tallies.c.rule, rule_tallies.c.caught, rule_tallies.c.restored, rule_tallies.c.missed
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How a rule has done: `caught` spam that a human called so, and that it had spoken against;
    `restored` suspects that it had spoken against and a human took back; `missed` spam of which it
    said nothing. `waiting` are the suspects that it speaks against and nobody has looked at.
    """

    rule: str
    caught: int
    restored: int
    missed: int
    waiting: int


class Tallies:
    """The numbers of the rules."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listed(self) -> list[Tally]:
        """Every rule that can speak for spam, by name."""
        with self._database.reading() as connection:
            sums = {row.rule: row for row in connection.execute(_SUMS)}
            waiting = Counter(
                rule
                for reasons in connection.scalars(_WAITING)
                for rule in {rule for rule, _, score in reasons if score > 0}
            )
        return [
            Tally(
                rule,
                caught=sums[rule].caught if rule in sums else 0,
                restored=sums[rule].restored if rule in sums else 0,
                missed=sums[rule].missed if rule in sums else 0,
                waiting=waiting[rule],
            )
            for rule in sorted({*SCORING, *sums, *waiting})
        ]


def count(connection: Connection, moved: Iterable[tuple[Entry, Status, bool]]) -> None:
    """Count a human's decisions, and those that are taken back from the counts.

    Of what moved: the entry as it was, what it has become, and whether a human's word has it there.
    The decision must be written down, and one that is undone not yet stamped so. What a human
    called spam stays so in the trash.
    """
    moved = list(moved)
    in_trash = [one.id for one, became, _ in moved if Status.TRASH in (one.status, became)]
    thrown = {(Status.TRASH, id) for id in _thrown_as_spam(connection, in_trash)}
    caught, restored, missed = Counter[str](), Counter[str](), Counter[str]()
    for entry, became, is_decided in moved:
        spoke = {reason.rule for reason in entry.reasons if reason.score > 0}
        silent = SCORING - spoke
        was_decided = entry.decided_at is not None
        was_spam, is_spam = entry.status is Status.SPAM, became is Status.SPAM
        was_called_so = (was_spam and was_decided) or (entry.status, entry.id) in thrown
        is_called_so = (is_spam and is_decided) or (became, entry.id) in thrown
        sign = int(is_called_so) - int(was_called_so)
        caught.update(dict.fromkeys(spoke, sign))
        missed.update(dict.fromkeys(silent, sign))
        was_restored = entry.status in _SEEN and was_decided and is_spam and not is_decided
        is_restored = was_spam and not was_decided and became in _SEEN and is_decided
        restored.update(dict.fromkeys(spoke, int(is_restored) - int(was_restored)))
    rows = [
        (rule, caught[rule], restored[rule], missed[rule])
        for rule in sorted({*caught, *restored, *missed})
        if caught[rule] or restored[rule] or missed[rule]
    ]
    if rows:
        _add(connection, rows)


_SEEN = (Status.APPROVED, Status.PENDING)
_THROWN = (
    select(func.max(decisions.c.id))
    .outerjoin_from(decisions, actions, decisions.c.action == actions.c.id)
    .where(decisions.c.became == Status.TRASH, actions.c.undone_at.is_(None))
    .group_by(decisions.c.comment)
)


def _thrown_as_spam(connection: Connection, ids: Sequence[int]) -> Sequence[int]:
    """Those of these entries that were spam by a human's word when last put into the trash."""
    if not ids:
        return []
    last = _THROWN.where(decisions.c.comment.in_(ids))
    was_called_so = (decisions.c.was == Status.SPAM, decisions.c.was_decided_at.is_not(None))
    chosen = select(decisions.c.comment).where(decisions.c.id.in_(last), *was_called_so)
    return connection.scalars(chosen).all()


def _add(connection: Connection, rows: list[tuple[str, int, int, int]]) -> None:
    cursor = bare(connection)
    row = f"({', '.join([cursor.mark] * 4)})"
    cursor.rows(
        "INSERT INTO rule_tallies (rule, caught, restored, missed) "
        f"VALUES {', '.join([row] * len(rows))} ON CONFLICT (rule) DO UPDATE SET "
        "caught = rule_tallies.caught + excluded.caught, "
        "restored = rule_tallies.restored + excluded.restored, "
        "missed = rule_tallies.missed + excluded.missed RETURNING rule",
        [value for one in rows for value in one],
    )
