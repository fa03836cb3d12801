"""The only door to the files that the author writes: posts and pages below content/.

What is written lies below it, ends in `.md`, and is reached through no symbolic link.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .domain.errors import Changed, NoSuchFile, NotText, TooLarge, Unavailable
from .domain.heads import fields_of, is_draft, is_hidden

LONGEST = 500_000
"""Characters of a file that can be written here."""

_ENDINGS = {".md", ".markdown", ".mkd", ".mdown"}
_LONGEST_BESIDE = 250  # bytes, of the 255 that a name may have
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of the post in `file` says; a folder below content/ may be its category.

    `name` is the file's path below content/, `id` the one by which the post is known.
    """

    file: Path
    name: str
    id: str
    title: str
    category: str
    number: int | None
    author: str
    date: str
    is_draft: bool
    is_hidden: bool
    preview: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it was read; `digest` tells whether it is still the same, `at` is Unix time."""

    name: str
    text: str
    digest: str
    at: float


class Contents:
    """The files below one folder content/."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def heads(self) -> list[Head]:
        """The heads of all posts, in the order of their files."""
        files = sorted(
            path
            for path in self.folder.rglob("*")
            if path.suffix.lower() in _ENDINGS and path.is_file()
        )
        return [self._head(file) for file in files]

    def written_here(self) -> list[Head]:
        """The heads of the posts that can be opened here: no links, nothing hidden, `.md` alone."""
        return [
            head
            for head in self.heads()
            if head.name.endswith(".md")
            and not head.file.is_symlink()
            and not any(part.startswith(".") for part in head.name.split("/"))
        ]

    def head(self, name: str) -> Head:
        """The head of one post. NoSuchFile."""
        self.opened(name)
        return self._head(self.folder / name)

    def opened(self, name: str) -> Opened:
        """The file of this name. NoSuchFile, NotText, TooLarge."""
        with self._parent(name) as (folder, last):
            data, status = _read(folder, last)
        return Opened(name, _text_of(name, data), _digest(data), status.st_mtime)

    def write(self, name: str, text: str, digest: str) -> Opened:
        """Put `text` in the place of the file that was opened with this digest; as it is then.

        An empty digest makes a new file. Changed has what stands there if it is another by now:
        then nothing was written. TooLarge, NoSuchFile; Unavailable if the disk or its rights are in
        the way. A reader sees the old file or the new one.
        """
        if len(text) > LONGEST:
            raise TooLarge(len(text), LONGEST)
        with self._parent(name, make=not digest) as (folder, last), _alone(folder):
            try:
                before, status = _read(folder, last)
            except NoSuchFile:
                before, status = None, None
            if (_digest(before) if before is not None else "") != digest:
                raise Changed(name, "" if before is None else _text_of(name, before))
            mode = stat.S_IMODE(status.st_mode) if status else None
            try:
                _replace(folder, last, _bytes_of(text, before or b""), mode)
            except OSError as error:
                raise Unavailable(f"{self.folder / name}: {error.strerror}") from error
        return self.opened(name)

    @contextmanager
    def _parent(self, name: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
        """The folder in which the file `name` lies, opened, and the file's own name there."""
        *folders, last = name.split("/")
        is_plain = all(part and part[0] != "." and part.isprintable() for part in (*folders, last))
        if not is_plain or not last.endswith(".md") or len(name) > 240 or "\\" in name:
            raise NoSuchFile(name)
        try:
            if make and not folders:
                self.folder.mkdir(parents=True, exist_ok=True)
            here = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise NoSuchFile(name) from error
        try:
            for part in folders:
                here = _step(here, part, name)
            yield here, last
        finally:
            os.close(here)

    def _head(self, file: Path) -> Head:
        with file.open(encoding="utf-8-sig", errors="replace") as lines:
            said = fields_of(lines)
        parent = file.parent
        folder = parent.name if parent not in (self.folder, self.folder / "pages") else ""
        number = said.get("number", "")
        name = file.relative_to(self.folder).as_posix()
        return Head(
            file=file,
            name=name,
            id=said.get("id") or name,
            title=said.get("title", ""),
            category=said.get("category") or folder,
            number=int(number) if number.isascii() and number.isdigit() else None,
            author=said.get("author", ""),
            date=said.get("date", ""),
            is_draft=is_draft(said),
            is_hidden=is_hidden(said),
            preview=said.get("preview", ""),
        )


def _step(folder: int, part: str, name: str) -> int:
    """Go down into the folder `part`, and let go of the one above."""
    try:
        below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
    except OSError as error:
        raise NoSuchFile(name) from error
    os.close(folder)
    return below


def _read(folder: int, name: str) -> tuple[bytes, os.stat_result]:
    try:
        # Not to wait for who writes into a pipe.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        file = os.fdopen(os.open(name, flags, dir_fd=folder), "rb")
    except OSError as error:
        raise NoSuchFile(name) from error
    with file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise NoSuchFile(name)
        if status.st_size > 4 * LONGEST:
            raise TooLarge(status.st_size, LONGEST)
        return file.read(), status


def _replace(folder: int, name: str, data: bytes, mode: int | None) -> None:
    """Write beside, sync, rename, sync: whatever dies meanwhile, the file is whole."""
    # Two long names may share it, since who writes is alone in the folder.
    beside = f".{name.encode()[:_LONGEST_BESIDE].decode(errors='ignore')}.new"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with os.fdopen(os.open(beside, flags, 0o666, dir_fd=folder), "wb") as file:
        file.write(data)
        file.flush()
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())
    os.rename(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
    os.fsync(folder)


@contextmanager
def _alone(folder: int) -> Iterator[None]:
    """One after the other: two who save at once do not overwrite each other unseen."""
    lock = os.open(".", os.O_RDONLY | os.O_DIRECTORY, dir_fd=folder)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _text_of(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotText(name) from error
    if len(text) > LONGEST:
        raise TooLarge(len(text), LONGEST)
    return text.replace("\r\n", "\n")


def _bytes_of(text: str, before: bytes) -> bytes:
    """The text as a file, with the ends of lines and the mark that the file had before."""
    lines = text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n")
    if not lines.endswith("\n"):
        lines += "\n"
    if b"\r\n" in before:
        lines = lines.replace("\n", "\r\n")
    mark = _BOM if before.startswith(_BOM.encode()) else ""
    return f"{mark}{lines}".encode()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
