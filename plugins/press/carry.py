"""Writing into the live folder: every file is whole at every moment, also after a power cut.

A file is copied beside its place, synced and renamed; a rename without the sync leaves empty pages
on some file systems when the power goes. Links in the build become the files that they lead to,
since a link into content/ would show what is half edited. Modes are the umask's, as in Pelican.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from .errors import BuildError

BESIDE = ".press-new"
"""The name under which a file is written beside its place; there is one at a time in a folder."""


class Carrier:
    """Moves the files of one build from `staging` to `live` and keeps account of what it did."""

    def __init__(self, staging: Path, live: Path) -> None:
        self.written: list[str] = []
        self.removed: list[str] = []
        self._staging = staging
        self._live = live
        self._touched: set[Path] = set()

    def place(self, paths: Iterable[str]) -> None:
        """Put these files of the build in their places; on return they are there for good.

        Raises BuildError where that fails: what was placed before stays, each file whole.
        """
        for path in paths:
            try:
                self._place(path)
            except OSError as error:
                raise self._stopped(path, error) from None
            self.written.append(path)
        self._settle()

    def remove(self, paths: Iterable[str]) -> None:
        """Remove these files and the folders they leave empty; BuildError where that fails."""
        for path in paths:
            try:
                self._remove(path)
            except OSError as error:
                raise self._stopped(path, error) from None
            self.removed.append(path)
        self._settle()

    def _place(self, path: str) -> None:
        target = self._live / path
        self._make_room(target)
        beside = target.with_name(BESIDE)
        try:
            with open(self._staging / path, "rb") as source, open(beside, "wb") as copy:
                shutil.copyfileobj(source, copy)
                copy.flush()
                os.fsync(copy.fileno())
            os.replace(beside, target)
        finally:
            beside.unlink(missing_ok=True)
        self._touched.add(target.parent)

    def _make_room(self, target: Path) -> None:
        """Make the folder, out of a file if need be; take away a folder where a file shall be.

        The plan has seen to it that nothing is in the way but what goes anyway.
        """
        for folder in reversed(target.relative_to(self._live).parents[:-1]):
            folder = self._live / folder
            if not folder.is_dir():
                folder.unlink(missing_ok=True)
                folder.mkdir()
                self._touched.add(folder.parent)
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)

    def _remove(self, path: str) -> None:
        target = self._live / path
        if target.is_symlink() or target.is_file():
            target.unlink()
        folder = target.parent
        while folder != self._live and _is_removed_empty(folder):
            self._touched.discard(folder)
            folder = folder.parent
        self._touched.add(folder)

    def _settle(self) -> None:
        for folder in sorted(self._touched):
            if folder.is_dir():
                sync_folder(folder)
        self._touched.clear()

    def _stopped(self, path: str, error: OSError) -> BuildError:
        return BuildError(
            f"{error.strerror}. What was published before is whole; the next build does the rest",
            file=str(self._live / path),
        )


def sweep(live: Path, paths: Iterable[str]) -> None:
    """Remove what a killed build left half written in the folders of `paths`."""
    for folder in {os.path.dirname(path) for path in paths}:
        beside = live / folder / BESIDE
        if beside.is_file():
            beside.unlink()


def sync_folder(folder: Path) -> None:
    """Have the disk know the names in `folder`."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_removed_empty(folder: Path) -> bool:
    """Remove `folder` if it is empty; whether it is gone."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
