"""What a build changes in the live folder, and in which order: new before lists, removals last."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from .errors import BuildError


@dataclass(frozen=True, slots=True)
class Rendered:
    """Which files of a build are posts and pages, and which are lists and feeds of them."""

    pages: Set[str]
    lists: Set[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes live, batch by batch, each durable before the next begins; then what is removed.

    The batches: new posts and pages; other new files, images before lists; changed files.
    """

    batches: tuple[tuple[str, ...], ...]
    unchanged: int
    gone: tuple[str, ...]


def draw_plan(staging: Path, live: Path, *, gone: Collection[str], rendered: Rendered) -> Plan:
    """Compare the build in `staging` with `live`; `gone` are the files that are no longer wanted.

    Raises BuildError if a file that nobody said may go is in the way of one of the build.
    """

    def order(path: str) -> tuple[bool, bool, str]:
        return path not in rendered.pages, path in rendered.lists, path

    new, changed, unchanged = [], [], 0
    for path in sorted(files_in(staging), key=order):
        if _is_new(live / path):
            _check_place(path, live, gone)
            new.append(path)
        elif _is_same(staging / path, live / path):
            unchanged += 1
        else:
            changed.append(path)
    pages = tuple(path for path in new if path in rendered.pages)
    return Plan((pages, tuple(new[len(pages) :]), tuple(changed)), unchanged, tuple(sorted(gone)))


def unwanted(
    live: Path, *, written: Set[str], staged: Set[str], is_cleared: bool, kept: Collection[str]
) -> frozenset[str]:
    """The files in `live` that shall go: what was `written` and is not `staged` any more.

    If the output `is_cleared`, it is all that is not staged, except at the top names with a dot in
    front. What is under one of the top names in `kept` (OUTPUT_RETENTION) always stays.
    """
    found = written
    if is_cleared:
        found = written | {path for path in files_in(live) if not path.startswith(".")}
    return frozenset(
        path
        for path in found - staged
        if path.split("/")[0] not in kept and os.path.lexists(live / path)
    )


def files_in(folder: Path) -> Iterator[str]:
    """The paths of all files under `folder`, links to folders among them, relative to it."""
    for parent, folders, files in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for name in files + links:
            yield os.path.relpath(os.path.join(parent, name), folder)


def _is_new(place: Path) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(place).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return True


def _is_same(staged: Path, place: Path) -> bool:
    """Whether the live file is a plain one of the same bytes."""
    there = os.lstat(place)
    if not stat.S_ISREG(there.st_mode) or there.st_size != os.stat(staged).st_size:
        return False
    with open(staged, "rb") as one, open(place, "rb") as other:
        while chunk := one.read(1 << 20):
            if chunk != other.read(1 << 20):
                return False
    return True


def _check_place(path: str, live: Path, gone: Collection[str]) -> None:
    """Refuse a file where a foreign folder is, or under a foreign file."""
    place = live / path
    if place.is_dir() and not place.is_symlink():
        in_the_way = {f"{path}/{below}" for below in files_in(place)} - set(gone)
    else:
        parents = [str(parent) for parent in Path(path).parents[:-1]]
        in_the_way = {
            parent
            for parent in parents
            if os.path.lexists(live / parent) and not (live / parent).is_dir()
        } - set(gone)
    for obstacle in sorted(in_the_way):
        raise BuildError(
            f"is not from a build and in the way of {path}; move it elsewhere",
            file=str(live / obstacle),
        )
