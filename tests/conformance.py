"""docs/conformance.md: each requirement of the specifications, and the tests that prove it.

`python tests/conformance.py` writes the page anew, from tests/cases/conformance.json and from the
marks `@pytest.mark.covers(…)` on the tests, which are read and not run.
"""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parent
PAGE = TESTS.parent / "docs" / "conformance.md"
_CASES = TESTS / "cases" / "conformance.json"
_HEAD = """# What the specifications ask, and what shows that it is so

Pingback 1.0, Webmention (W3C Recommendation of 12 January 2017), TrackBack 1.2, XML-RPC and
microformats2, requirement by requirement, in our own words. A test holds this page to the tests
that are there (`.venv/bin/python tests/conformance.py` writes it), and fails when something that a
receiver MUST do is proved by none.
"""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a specification asks for; `reason` says why no test proves it, if none does.

    `side` is who has to do it: the receiver, the publisher of pages, the sender, or who reads a
    page's microformats.
    """

    id: str
    specification: str
    section: str
    level: str
    side: str
    requirement: str
    reason: str = ""


def requirements() -> list[Requirement]:
    """All of them, in the order of the specifications."""
    return [Requirement(**row) for row in json.loads(_CASES.read_text("utf-8"))]


def covering(folder: Path = TESTS) -> Mapping[str, Sequence[str]]:
    """The tests that say that they prove a requirement, `file::name`, by its id."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(folder.glob("test_*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for id in _marked(node):
                    found[id].append(f"{file.name}::{node.name}")
    return found


def _marked(test: ast.FunctionDef) -> Iterator[str]:
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) in (
            "covers",
            "pytest.mark.covers",
        ):
            yield from (ast.literal_eval(id) for id in mark.args)


def page() -> str:
    """The page as it has to be now."""
    tests = covering()
    parts = [_HEAD]
    for name in dict.fromkeys(one.specification for one in requirements()):
        parts.append(
            f"## {name}\n\n| id | section | level | requirement | shown by |\n|{'---|' * 5}"
        )
        parts += [
            _row(one, tests.get(one.id, ())) for one in requirements() if one.specification == name
        ]
        parts.append("")
    return "\n".join(parts)


def _row(one: Requirement, tests: Sequence[str]) -> str:
    shown = "<br>".join(f"`{test}`" for test in tests) or f"– {one.reason}"
    return f"| `{one.id}` | {one.section} | {one.level} | {one.requirement} | {shown} |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
