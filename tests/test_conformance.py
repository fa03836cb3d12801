"""What the specifications ask of a receiver is proved; docs/conformance.md says by which tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conformance import PAGE, TESTS, covering, page, requirements

COLLECTION = TESTS.parent.parent / "shared" / "cases" / "conformance.json"

# Of the three ways to answer (Webmention §3.2) we always take the first, WM-R02.
NOT_OURS = {"WM-R03", "WM-R04"}


def test_the_page_is_what_the_tests_say() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python tests/conformance.py"


@pytest.mark.parametrize(
    "id",
    [
        one.id
        for one in requirements()
        if one.level.startswith("MUST")
        and one.side in ("receiver", "publisher")
        and one.id not in NOT_OURS
    ],
)
def test_what_a_receiver_must_do_is_proved(id: str) -> None:
    assert covering()[id]


def test_what_no_test_proves_has_its_reason_and_nothing_else_has() -> None:
    tests = covering()

    assert [one.id for one in requirements() if not one.reason and one.id not in tests] == []
    assert [one.id for one in requirements() if one.reason and one.id in tests] == []


def test_no_test_proves_what_nobody_asks_for() -> None:
    ids = [one.id for one in requirements()]

    assert len(ids) == len(set(ids)) == 106
    assert set(covering()) - set(ids) == set()


def test_a_mark_on_a_test_is_found(tmp_path: Path) -> None:
    marked = "@covers('A-1')\n@pytest.mark.covers('A-2', 'A-3')\ndef test_it(): ...\n"
    (tmp_path / "test_a.py").write_text(marked)

    assert covering(tmp_path) == {id: ["test_a.py::test_it"] for id in ("A-1", "A-2", "A-3")}


def test_nothing_of_the_collection_that_this_came_from_is_left_out() -> None:
    if not COLLECTION.exists():
        pytest.skip("there is no ../shared/cases/conformance.json on this machine")

    listed = {row["id"] for row in json.loads(COLLECTION.read_text("utf-8"))}

    assert listed == {one.id for one in requirements()}
