"""The demo blog, served, as it is or with a hundred things said below a post; a pytest plugin."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from actors import NOON, BlogFolder, Serving, free_port, run_permalien, wait_until

ROOT = Path(__file__).resolve().parent.parent
# Its discussion never closes.
LONG = "fermer-les-commentaires"


def hundred(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the demo's own conversation lacks below its long post, in the words of all of it.

    Two of three answer what was said just before.
    """
    # Who likes it or passes it on stands in a row above.
    is_listed = [
        item
        for item in said
        if (item["post"], item["status"]) == (LONG, "approved")
        and item.get("response", "mention") in {"mention", "reply"}
    ]
    comments = [item for item in said if item["kind"] == "comment"]
    more: list[dict[str, Any]] = []
    for number, item in zip(range(len(is_listed), 100), cycle(comments), strict=False):
        answered = more[-1]["origin"] if number % 3 and more else None
        place = {"origin": f"more-{number}", "post": LONG, "parent": answered}
        at = f"2026-10-01T{number // 60:02}:{number % 60:02}:00+02:00"
        more.append({**item, **place, "at": at, "status": "approved"})
    return more


@contextmanager
def demo_at_noon(folder: Path, more: list[dict[str, Any]]) -> Iterator[Serving]:
    """The demo at noon of 22 November 2026, over HTTP; `more` was said than it says itself."""
    shutil.copytree(ROOT / "content", folder / "content")
    shutil.copy(ROOT / "pelicanconf.py", folder)
    (folder / "more.json").write_text(json.dumps(more), "utf-8")
    with BlogFolder(folder) as demo:
        for file in ("content/conversation.json", "more.json"):
            run_permalien("import", file, check=True, cwd=folder, env=demo.environment)
        port = str(free_port())
        demo.build(SOURCE_DATE_EPOCH=str(int(NOON.timestamp())), PORT=port)
        serving = Serving(demo, ("--only", "web"), {"PORT": port, "PERMALIEN_PORT": port})
        try:
            wait_until(lambda: serving.get("/").status == 200, 60, serving.said)
            yield serving
        finally:
            serving.stop()


@pytest.fixture(scope="session")
def served_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The demo, with a hundred things said below its long post."""
    said = json.loads((ROOT / "content" / "conversation.json").read_text("utf-8"))
    with demo_at_noon(tmp_path_factory.mktemp("served") / "blog", hundred(said)) as serving:
        yield serving
