"""The folder beside the output where the press works: the build under way, the list of its files.

For `output/` it is `.output.press/`; where nothing may be made beside the output, it is a folder
under Pelican's CACHE_PATH. All of it is used under the output's lock only.

**Whose files are whose.** The press removes what it wrote and a later build no longer has, and
nothing else: a CNAME or `.git` put into the output by hand stays. It knows what it wrote from the
list kept here, which names a file before that file can appear and until it has gone, so that a
killed build forgets nothing. Where there is no list yet (an output that plain Pelican made), the
files that are not in the build are named in a warning and left alone. Who wants them gone builds
once with Pelican's own `-d` (DELETE_OUTPUT_DIRECTORY): then all that the build does not have is
removed, last of all, except names in OUTPUT_RETENTION and names at the top that begin with a dot.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .carry import sync_folder
from .errors import BuildError


@dataclass(frozen=True, slots=True)
class Workshop:
    """The press's own `folder` for the output folder `live`."""

    live: Path
    folder: Path

    @property
    def staging(self) -> Path:
        """Where Pelican builds."""
        return self.folder / "building"

    @contextmanager
    def swept(self) -> Iterator[None]:
        """Have `staging` empty, and gone afterwards; what a killed build left is removed first."""
        _remove(self.staging)
        self.staging.mkdir(mode=0o700)
        try:
            yield
        finally:
            _remove(self.staging)

    def written(self) -> frozenset[str] | None:
        """The paths in the output that are the press's, or None if it never wrote there."""
        try:
            paths = json.loads(self._list.read_text("ascii"))
        except FileNotFoundError:
            return None
        except ValueError:
            raise BuildError(
                "is damaged; remove it and build again", file=str(self._list)
            ) from None
        return frozenset(paths)

    def remember(self, paths: Set[str]) -> None:
        """Make `paths` the list of what is the press's, durably, if it is not that already."""
        if paths == self.written():
            return
        fresh = self._list.with_suffix(".tmp")
        with open(fresh, "w", encoding="ascii") as file:
            json.dump(sorted(paths), file, indent=0)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self._list)
        sync_folder(self.folder)

    @property
    def _list(self) -> Path:
        return self.folder / "written.json"


def open_workshop(live: Path, cache: Path) -> Workshop:
    """The workshop for the output folder `live`; BuildError if there is no room for one."""
    name = hashlib.sha256(os.fsencode(live)).hexdigest()[:16]
    for folder in (live.with_name(f".{live.name}.press"), cache / f"press-{name}"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK | os.X_OK):
            return Workshop(live, folder)
    raise BuildError(f"nothing can be written beside it, nor under {cache}", file=str(live))


def _remove(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
