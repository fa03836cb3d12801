"""How the last build ended, told in a folder: what the author's preview and the desk show."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

_FILE = "ended.json"


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a build: a word that differs from one to the next, and what was wrong, if it was.

    Each of `problems` says the place of a mistake, as `file:line`, as far as it is known.
    """

    version: str = ""
    problems: tuple[str, ...] = ()

    @property
    def at(self) -> float:
        """When it was, in Unix time; 0 before the first one."""
        return int(self.version) / 1e9 if self.version.isdigit() else 0.0


def note_end(folder: Path, problems: tuple[str, ...]) -> None:
    """Leave word in `folder` that a build has just ended."""
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f".{_FILE}.new"
    beside.write_text(json.dumps(asdict(Ended(str(time.time_ns()), problems))), encoding="utf-8")
    os.replace(beside, folder / _FILE)


def last_end(folder: Path) -> Ended:
    """How the last build ended; an empty word before the first one."""
    try:
        told = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return Ended(told["version"], tuple(told["problems"]))
    except (OSError, ValueError, KeyError):
        return Ended()
