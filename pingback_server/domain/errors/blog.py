"""What is wrong with the blog itself, its settings, its builds, its store."""

from __future__ import annotations

from collections.abc import Sequence

from .base import PermalienError


class BadSetting(PermalienError):
    """A setting that is not what it has to be."""


class NoBlog(PermalienError):
    """There is no blog where one was expected."""


class NotPublished(PermalienError):
    """The blog has not been built yet."""


class BuildFailed(PermalienError):
    """Pelican could not build the blog; the live pages are as they were.

    `file` and `line` say where the cause stands, as far as it could be found; `also` are further
    causes of the same failure, each with its place.
    """

    def __init__(
        self,
        message: str,
        file: str | None = None,
        line: int | None = None,
        *,
        also: tuple[BuildFailed, ...] = (),
    ) -> None:
        self.message, self.file, self.line, self.also = message, file, line, also
        place = ":".join(str(part) for part in (file, line) if part is not None)
        words = f"{place}: {message}" if place else message
        super().__init__("\n".join([words, *map(str, also)]))


class BadTemplate(PermalienError):
    """A template of the theme, or of the author's own, cannot be read or fails.

    `file` and `line` say where, as far as it could be found.
    """

    def __init__(self, message: str, file: str | None = None, line: int | None = None) -> None:
        self.message, self.file, self.line = message, file, line
        super().__init__(f"{file}:{line}: {message}" if file else message)


class BadImport(PermalienError):
    """A file to import is not what it has to be, and nothing of it was taken.

    `problems` are sentences, each of which begins with the entry and the field.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("nothing was imported:" + "".join(f"\n  {one}" for one in problems))


class Unavailable(PermalienError):
    """The store cannot take anything now; nothing was stored, and trying again later is right."""
