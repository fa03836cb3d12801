"""Keeps in how much spam and in how many honest texts each word stood, as humans decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, bindparam, delete, func, select, update

from ..domain.bayes import Learnt
from ..domain.discussion import Entry, Status
from . import comments
from .bare import bare
from .engine import Database
from .schema import actions, decisions, learnt_words
from .schema import comments as comments_table
from .writing import WritingQueue

_ALL = ""
"""The word that stands in every text: its counts are those of the examples."""

_AS = {Status.SPAM: "spam", Status.APPROVED: "ham", Status.PENDING: ""}

Words = Callable[[Entry], Iterable[str]]


class Learning:
    """What the Bayes score has learnt from the decisions."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
        self._queue = queue

    def learnt(self, words: Iterable[str]) -> Learnt:
        """What is known of these words, and from how many examples."""
        wanted = [_ALL, *words]
        seen: dict[str, tuple[int, int]] = {}
        with self._database.reading() as connection:
            for some in comments.portions(wanted):
                chosen = select(learnt_words.c.word, learnt_words.c.spam, learnt_words.c.ham)
                for word, spam, ham in connection.execute(
                    chosen.where(learnt_words.c.word.in_(some))
                ):
                    seen[word] = (spam, ham)
        spam, honest = seen.pop(_ALL, (0, 0))
        return Learnt(spam, honest, seen)

    def learn(self, since: int, words: Words) -> int:
        """Learn what was decided from decision number `since` on; how many examples are new.

        Each entry is learnt once, as what it is now; what it was learnt as before is taken back.
        """
        return self._queue.run(lambda c: _learn(c, since, words))


def _learn(connection: Connection, since: int, words: Words) -> int:
    decided = select(decisions.c.comment).where(decisions.c.id >= since).distinct()
    known = select(comments_table.c.id, comments_table.c.learnt_as).where(
        comments_table.c.id.in_(decided), comments_table.c.is_by_author.is_(False)
    )
    learnt_as = {id: before for id, before in connection.execute(known)}  # noqa: C416
    entries = comments.found(connection, learnt_as)
    thrown = _thrown(connection, [one.id for one in entries if one.status is Status.TRASH])
    spam, ham, changed = Counter[str](), Counter[str](), 0
    for entry in entries:
        before = learnt_as[entry.id]
        now = _meant(entry) if entry.status is not Status.TRASH else thrown.get(entry.id, before)
        if before == now:
            continue
        changed += 1
        example = [_ALL, *words(entry)]
        for name, counter in (("spam", spam), ("ham", ham)):
            counter.update(dict.fromkeys(example, (name == now) - (name == before)))
        connection.execute(
            update(comments_table).where(comments_table.c.id == entry.id).values(learnt_as=now)
        )
    _count(connection, spam, ham)
    return changed


def _meant(entry: Entry) -> str:
    """As what an entry is an example; a decision that was undone has taught nothing."""
    return "" if entry.decided_at is None else _AS[entry.status]


def _thrown(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """As what each of these entries was an example when it was last put into the trash."""
    throws = (
        select(func.max(decisions.c.id))
        .outerjoin_from(decisions, actions, decisions.c.action == actions.c.id)
        .where(decisions.c.became == Status.TRASH, actions.c.undone_at.is_(None))
        .group_by(decisions.c.comment)
    )
    chosen = select(decisions.c.comment, decisions.c.was, decisions.c.was_decided_at)
    return {
        id: "" if since is None else _AS.get(was, "")
        for some in comments.portions(ids)
        for id, was, since in connection.execute(
            chosen.where(decisions.c.id.in_(throws.where(decisions.c.comment.in_(some))))
        )
    }


def unlearn(connection: Connection, entries: Iterable[Entry], words: Words) -> None:
    """Take back what was learnt from these entries; a word that stood in none else is forgotten."""
    learnt = select(comments_table.c.id, comments_table.c.learnt_as).where(
        comments_table.c.id == bindparam("learnt"), comments_table.c.learnt_as != ""
    )
    counters = {"spam": Counter[str](), "ham": Counter[str]()}
    for entry in entries:
        for id, kind in connection.execute(learnt, {"learnt": entry.id}).all():
            counters[kind].subtract(dict.fromkeys([_ALL, *words(entry)], 1))
            forget = update(comments_table).where(comments_table.c.id == id)
            connection.execute(forget.values(learnt_as=""))
    _count(connection, counters["spam"], counters["ham"])
    is_nobodys = (learnt_words.c.spam <= 0, learnt_words.c.ham <= 0)
    for some in comments.portions(sorted({*counters["spam"], *counters["ham"]})):
        connection.execute(delete(learnt_words).where(learnt_words.c.word.in_(some), *is_nobodys))


def relearn(connection: Connection, was: Entry, became: Entry, words: Words) -> None:
    """Have what was learnt from an entry, if anything was, be learnt from what it says now."""
    kind = connection.scalar(
        select(comments_table.c.learnt_as).where(comments_table.c.id == was.id)
    )
    if not kind:
        return
    unlearn(connection, [was], words)
    counters = {"spam": Counter[str](), "ham": Counter[str]()}
    counters[kind].update([_ALL, *words(became)])
    _count(connection, counters["spam"], counters["ham"])
    known = update(comments_table).where(comments_table.c.id == was.id)
    connection.execute(known.values(learnt_as=kind))


@contextmanager
def following(connection: Connection, number: int, words: Words) -> Iterator[None]:
    """Have what was learnt from an entry follow its words, which the block changes."""
    [was] = comments.found(connection, [number])
    yield
    [became] = comments.found(connection, [number])
    relearn(connection, was, became, words)


def forget_rare(connection: Connection, words: Iterable[str]) -> None:
    """Forget those of `words` that stood in one text at most, whichever that was."""
    is_rare = learnt_words.c.spam + learnt_words.c.ham <= 1
    for some in comments.portions([word for word in words if word != _ALL]):
        connection.execute(delete(learnt_words).where(learnt_words.c.word.in_(some), is_rare))


def forget_own(connection: Connection, ids: Sequence[int], words: Words) -> None:
    """Forget the words that were learnt from one of these entries alone; they are deleted then."""
    learnt = select(comments_table.c.id, comments_table.c.learnt_as).where(
        comments_table.c.id.in_(ids), comments_table.c.learnt_as != ""
    )
    kinds = {id: kind for id, kind in connection.execute(learnt)}  # noqa: C416
    said: dict[str, set[str]] = {"spam": set(), "ham": set()}
    for entry in comments.found(connection, kinds):
        said[kinds[entry.id]].update(words(entry))
    for kind, theirs in said.items():
        is_own = (
            learnt_words.c.spam == int(kind == "spam"),
            learnt_words.c.ham == int(kind == "ham"),
        )
        for some in comments.portions(sorted(theirs - {_ALL})):
            connection.execute(delete(learnt_words).where(learnt_words.c.word.in_(some), *is_own))


def _count(connection: Connection, spam: Counter[str], ham: Counter[str]) -> None:
    """Add to the counts of each word; one that nobody said is made."""
    cursor = bare(connection)
    rows = [(word, spam[word], ham[word]) for word in sorted({*spam, *ham})]
    for some in comments.portions(rows):
        row = f"({', '.join([cursor.mark] * 3)})"
        cursor.rows(
            f"INSERT INTO learnt_words (word, spam, ham) VALUES {', '.join([row] * len(some))} "
            "ON CONFLICT (word) DO UPDATE SET spam = learnt_words.spam + excluded.spam, "
            "ham = learnt_words.ham + excluded.ham RETURNING word",
            [value for one in some for value in one],
        )
