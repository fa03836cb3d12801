"""How a build ended: faults in words on stderr, all of it in a file for a program that asks."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import BuildError


@dataclass(slots=True)
class Outcome:
    """What a build did, in paths relative to the output folder; `is_done` if it did all."""

    is_done: bool = False
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    warnings: list[str] = field(default_factory=list)
    error: BuildError | None = None


@contextmanager
def reported(outcome: Outcome) -> Iterator[None]:
    """Tell how the build in this block ended.

    Where the environment names a file as PERMALIEN_BUILD_REPORT, `outcome` is written there as JSON
    once it is decided. A build that died leaves no such file: that means failure, too.
    """
    report = os.environ.get("PERMALIEN_BUILD_REPORT")
    if report:
        Path(report).unlink(missing_ok=True)
    try:
        yield
    except BuildError as error:
        outcome.error = error
        _tell(error)
        raise
    finally:
        if report and (outcome.is_done or outcome.error):
            _write(Path(report), outcome)


def _tell(error: BuildError) -> None:
    for fault in (error, *error.also):
        sys.stderr.write(f"{fault}\n")
    sys.stderr.flush()


def _write(report: Path, outcome: Outcome) -> None:
    fresh = report.with_name(report.name + ".tmp")
    fresh.write_text(json.dumps(_as_values(outcome)) + "\n", "utf-8")
    os.replace(fresh, report)


def _as_values(outcome: Outcome) -> dict[str, Any]:
    error = outcome.error
    return {
        "ok": error is None,
        "written": outcome.written,
        "removed": outcome.removed,
        "unchanged": outcome.unchanged,
        "warnings": outcome.warnings,
        "error": error and _fault(error),
    }


def _fault(error: BuildError) -> dict[str, Any]:
    also = [_fault(fault) for fault in error.also]
    return {"message": error.message, "file": error.file, "line": error.line, "also": also}
