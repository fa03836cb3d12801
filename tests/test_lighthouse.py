"""Lighthouse has nothing to say of the pages of the demo."""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from actors import ENVIRONMENT, Serving
from browser import chromium
from served_demo import LONG

# The audits that say the same of the same page on any machine, however busy.
STEADY = ("accessibility", "best-practices", "seo")
SPEED = ("performance",)
PAGES = ("index", "a hundred comments")
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
pytestmark = [pytest.mark.browser, pytest.mark.soak]


@pytest.fixture(scope="module")
def lighthouse() -> list[str]:
    """The command that runs Lighthouse."""
    program = Path(sys.prefix, "node", "node_modules", "lighthouse", "cli", "index.js")
    node = shutil.which("node")
    if node is None or not program.is_file():
        pytest.skip("no Lighthouse here (`make test` gets it where it finds npm)")
    if chromium() is None:
        pytest.skip("no chromium on this machine (apt install chromium)")
    return [node, str(program)]


def report(
    lighthouse: list[str], home: Path, address: str, categories: tuple[str, ...], *more: str
) -> dict[str, Any]:
    """What Lighthouse says of a page, as it says it to programs."""
    file = home / "report.json"
    flags = f"--headless=new --no-sandbox --disable-gpu --disable-quic '{ALONE}'"
    options = (
        *("--quiet", "--output=json", f"--output-path={file}", "--no-enable-error-reporting"),
        "--disable-full-page-screenshot",
        *(f"--only-categories={','.join(categories)}", f"--chrome-flags={flags}", *more),
    )
    environment = {**ENVIRONMENT, "CHROME_PATH": str(chromium()), "HOME": str(home)}
    done = subprocess.run(
        [*lighthouse, address, *options], capture_output=True, env=environment, timeout=200
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    said: dict[str, Any] = json.loads(file.read_text("utf-8"))
    assert said.get("runtimeError") is None, said["runtimeError"]
    return said


def scores(said: dict[str, Any]) -> dict[str, int]:
    return {name: round(100 * part["score"]) for name, part in said["categories"].items()}


def objections(said: dict[str, Any]) -> list[str]:
    """Each audit that a page did not pass, in words."""
    weighed = {
        audit["id"]
        for part in said["categories"].values()
        for audit in part["auditRefs"]
        if audit["weight"]
    }
    audits = ((name, said["audits"][name]) for name in sorted(weighed))
    return [
        f"{name}: {audit['title']}"
        for name, audit in audits
        if audit["score"] is not None and audit["score"] < 1
    ]


def address(demo: Serving, page: str) -> str:
    """Where it stands, by the name that the pages themselves give to their server."""
    path = demo.blog.address(LONG) if page != "index" else "/"
    return f"http://localhost:{demo.port}{path}"


@pytest.mark.parametrize("page", PAGES)
def test_lighthouse_gives_full_marks_to(
    lighthouse: list[str], served_demo: Serving, tmp_path: Path, page: str
) -> None:
    where = address(served_demo, page)

    said = report(lighthouse, tmp_path, where, STEADY, "--throttling-method=provided")

    assert objections(said) == []
    assert scores(said) == dict.fromkeys(STEADY, 100)


def test_lighthouse_is_awake(lighthouse: list[str], served_demo: Serving, tmp_path: Path) -> None:
    reply = re.search(r"/-/comments/[0-9]+/reply", served_demo.blog.page(LONG))
    assert reply is not None
    form = f"http://localhost:{served_demo.port}{reply[0]}"

    said = report(lighthouse, tmp_path, form, ("seo",), "--throttling-method=provided")

    # A form of the service is kept out of search engines.
    assert "is-crawlable: Page is blocked from indexing" in objections(said)
    assert scores(said)["seo"] < 100


@pytest.mark.parametrize("page", PAGES)
def test_lighthouse_finds_as_fast_as_can_be(
    lighthouse: list[str], served_demo: Serving, tmp_path: Path, page: str
) -> None:
    """The median of three, on the slow phone that Lighthouse imagines."""
    where = address(served_demo, page)

    found = [scores(report(lighthouse, tmp_path, where, SPEED))["performance"] for _ in range(3)]

    assert statistics.median(found) >= 99, found
