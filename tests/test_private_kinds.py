"""Messages and reports are the author's alone: no decision, import or undo publishes one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from store_actors import HELD, NOON, PUBLIC, a_comment, said

from pingback_server.deeds.notify import tell_author
from pingback_server.domain.discussion import PRIVATE, Kind, Status, Verdict
from pingback_server.domain.imports import read_imports
from pingback_server.store import Job, Store


@pytest.fixture
def kept(store: Store) -> Store:
    """A store in which a comment is public."""
    said(store, "For everybody", PUBLIC)
    return store


def written(store: Store, kind: Kind, verdict: Verdict = HELD) -> int:
    """The number of what somebody wrote to the author alone."""
    alone = replace(a_comment("For you alone"), kind=kind)
    return store.add(alone, verdict, NOON).id


def public(store: Store) -> list[int | None]:
    """What a build would put into the pages."""
    return [item.id for items in store.published().values() for item in items]


def test_messages_and_reports_are_private() -> None:
    assert set(PRIVATE) == {Kind.MESSAGE, Kind.REPORT}


@pytest.mark.parametrize("kind", sorted(PRIVATE))
def test_what_is_approved_is_kept_as_read(kept: Store, kind: Kind) -> None:
    number = written(kept, kind)
    at_once = written(kept, kind, PUBLIC)

    kept.decide([number], Status.APPROVED, now=NOON, by="ada")

    assert kept.entry(number).status is Status.APPROVED
    assert public(kept) == [1]
    assert at_once not in public(kept)


@pytest.mark.parametrize("kind", sorted(PRIVATE))
def test_it_stays_private_when_it_is_restored_or_an_import_brings_it(
    kept: Store, kind: Kind
) -> None:
    number = written(kept, kind)
    for status in (Status.APPROVED, Status.TRASH, Status.APPROVED):
        kept.decide([number], status, now=NOON, by="ada")
    file = f"""[{{"origin": "old:1", "kind": "{kind}", "post": "first", "author": "Ann",
        "at": "2026-11-22T12:00:00Z", "text": "For you alone", "status": "approved"}}]"""
    kept.bring_in(read_imports(file), NOON)

    assert public(kept) == [1]


@pytest.mark.parametrize(
    ("kind", "does"),
    [
        (Kind.COMMENT, "publishes it"),
        (Kind.MESSAGE, "keeps it as read"),
        (Kind.REPORT, "keeps it as read"),
    ],
)
def test_the_author_is_told_what_approving_does(kept: Store, kind: Kind, does: str) -> None:
    number = written(kept, kind)
    told: list[str] = []

    tell_author(Job(1, "notify", number, 1), kept, told.append)

    [line] = told
    assert line.endswith(f"`permalien approve {number}` {does}")
