"""The one error of the press: a build that was refused, or could not be carried to the end."""

from __future__ import annotations


class BuildError(Exception):
    """What is wrong, and in which line of which file as far as that is known.

    A plugin may raise it too, to refuse a build in words for the author. `also` are further faults
    of the same build. Pelican ends with `exitcode`.
    """

    exitcode = 1

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        also: tuple[BuildError, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.also = also

    def __str__(self) -> str:
        """`file:line: what is wrong`, as compilers say it."""
        return ": ".join(part for part in (self._place(), self.message) if part)

    def _place(self) -> str:
        if self.file is None or self.line is None:
            return self.file or ""
        return f"{self.file}:{self.line}"
