"""The door says what a real WordPress says, but for the differences that docs/moderation.md lists.

What WordPress 6.1.9 said of a sample is recorded; `make soak` asks a running one, where there is
one, about some thousands (WORDPRESS names the script that starts it).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from actors import BlogFolder
from as_wordpress import CAUSES, RECORD, ask_wordpress, cases, divergences

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
def wordpress() -> Iterator[str]:
    script = os.environ.get("WORDPRESS", "")
    if not Path(script).is_file():
        pytest.skip("WORDPRESS names no script that starts a WordPress")
    subprocess.run([script, "up"], check=True, timeout=280, stdout=subprocess.DEVNULL)
    yield script
    subprocess.run([script, "down"], check=True, timeout=60)


@pytest.mark.soak
@pytest.mark.timeout(1500)
def test_a_running_wordpress_says_the_same_of_thousands_but_for_what_is_meant(
    blog: BlogFolder, wordpress: str
) -> None:
    asked = cases(1977, 600)

    found = Counter(cause for _, cause in divergences(blog, asked, ask_wordpress(wordpress, asked)))

    assert set(found) <= explained(), found
