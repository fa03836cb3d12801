"""The door says what a real WordPress says, but for the differences that docs/moderation.md lists.

What WordPress 6.1.9 said of a sample is recorded; `make soak` asks a running one, where there is
one beside the checkout, about some thousands.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from actors import BlogFolder
from as_wordpress import (
    CAUSES,
    RECORD,
    SCRIPT,
    ask_wordpress,
    cases,
    divergences,
    running_wordpress,
)

DOCS = Path(__file__).parent.parent / "docs" / "moderation.md"


def explained() -> set[str]:
    """The differences that are listed as meant."""
    section = DOCS.read_text("utf-8").partition("## Where WordPress decides otherwise")[2]
    return set(re.findall(r"^\| `([a-z ]+)` \|", section, re.MULTILINE))


def test_the_recorded_verdicts_are_ours_but_for_what_is_meant(blog: BlogFolder) -> None:
    asked, recorded = cases(2011, 60), json.loads(RECORD.read_text("utf-8"))
    assert [one["scenario"] for one in recorded] == [one["name"] for one in asked]

    found = Counter(
        cause for _, cause in divergences(blog, asked, [one["verdicts"] for one in recorded])
    )

    assert set(found) <= explained(), found


def test_every_difference_that_is_meant_has_its_line_in_the_docs() -> None:
    assert explained() == set(CAUSES)


@pytest.fixture
def wordpress() -> Iterator[None]:
    if not SCRIPT.is_file():
        pytest.skip(f"no WordPress beside the checkout: {SCRIPT} is not there")
    with running_wordpress():
        yield


@pytest.mark.soak
@pytest.mark.timeout(1500)
@pytest.mark.usefixtures("wordpress")
def test_a_running_wordpress_says_the_same_of_thousands_but_for_what_is_meant(
    blog: BlogFolder,
) -> None:
    asked = cases(1977, 600)

    found = Counter(cause for _, cause in divergences(blog, asked, ask_wordpress(asked)))

    assert sum(len(one["submissions"]) for one in asked) == 3000
    assert set(found) == explained(), found
