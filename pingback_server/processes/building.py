"""Runs Pelican in a process of its own and reads what came of it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..domain.errors import BuildFailed


@dataclass(frozen=True, slots=True)
class Build:
    """What a build changed in the live folder: paths below it; `unchanged` is a number of files."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


def build_with_pelican(blog: Path, data: Path, environment: Mapping[str, str]) -> Build:
    """Build `blog` by Pelican in a process of its own and publish the pages that changed.

    `data` is where the build's report lies meanwhile. BuildFailed says what was wrong; then the
    live pages are as they were.
    """
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data, prefix=".build-") as folder:
        report = Path(folder) / "report.json"
        finished = subprocess.run(
            [
                *(sys.executable, "-m", "pelican", "--settings", str(blog / "pelicanconf.py")),
                *("--fatal", "errors", "--log-handler", "plain"),
            ],
            cwd=blog,
            env={**environment, "PERMALIEN_BLOG": str(blog), "PERMALIEN_BUILD_REPORT": str(report)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            # A key pressed at the terminal ends the service, not a build half-way.
            start_new_session=True,
        )
        return _read_report(report, finished)


def _read_report(report: Path, finished: subprocess.CompletedProcess[str]) -> Build:
    try:
        told = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        last = (finished.stderr or finished.stdout).strip() or "Pelican ended without a word"
        raise BuildFailed(last[-2000:]) from None
    if (error := told["error"]) is not None:
        raise BuildFailed(error["message"], error["file"], error["line"])
    return Build(tuple(told["written"]), tuple(told["removed"]), told["unchanged"])
