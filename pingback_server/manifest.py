"""The file in which a build leaves the list of posts, and from which the service reads it."""

from __future__ import annotations

import os
from pathlib import Path

from .domain.errors import NotPublished, Unavailable
from .domain.posts import Manifest, read_manifest, write_manifest
from .store import missing_file


def save(manifest: Manifest, path: Path) -> None:
    """Put `manifest` in the place of the old one, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # One name is enough, since builds of a blog follow one another; a killed one leaves one file.
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(write_manifest(manifest))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def check_database(url: str, path: Path) -> None:
    """Unavailable if the database at `url` is gone, which was there when a list came to `path`.

    Made anew it would be empty, and the next build would take every comment off the pages.
    """
    file = missing_file(url) if path.exists() else None
    if file is not None:
        raise Unavailable(
            f"the database {file} is gone, in which the comments are: see that its disk is "
            "mounted, or put the last backup there; to begin anew, without any comment, remove "
            f"{path}"
        )


class PublishedBlog:
    """The blog as it is live now: reads the list of posts again when a build has replaced it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._manifest: Manifest | None = None

    def __call__(self) -> Manifest:
        """The current list of posts; NotPublished if there is none yet or it cannot be read."""
        try:
            state = self._path.stat()
            seen = (state.st_ino, state.st_mtime_ns, state.st_size)
            if self._manifest is None or seen != self._seen:
                self._manifest = read_manifest(self._path.read_text(encoding="utf-8"))
                self._seen = seen
        except FileNotFoundError as error:
            raise NotPublished("the blog has not been built yet: run `permalien build`") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotPublished(
                f"{self._path.name} cannot be used ({_why(error)}): run `permalien build`"
            ) from error
        return self._manifest


def _why(error: Exception) -> str:
    """What went wrong, without the path: a visitor reads it."""
    return (isinstance(error, OSError) and error.strerror) or str(error)
