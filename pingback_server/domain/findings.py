"""What `permalien check` finds: sentences about a blog, each with its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the author should know: `words` say what, and what to do.

    `file` and `line` say where, as far as there is such a place. What is not `is_wrong` is a note:
    it may well be meant.
    """

    words: str
    file: str = ""
    line: int | None = None
    is_wrong: bool = True

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part)
        said = self.words if self.is_wrong else f"note: {self.words}"
        return f"{place}: {said}" if place else said
