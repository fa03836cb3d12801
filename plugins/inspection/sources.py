"""The file of a post: in which line of it something stands."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pingback_server.domain.findings import Finding
from pingback_server.domain.heads import line_of

NOT_PUBLIC = ("draft", "scheduled")


class Source:
    """A post or page, Pelican's `content`, with its file."""

    def __init__(self, content: Any) -> None:
        self.content = content
        path = Path(str(content.source_path))
        self.file = os.path.relpath(path)
        try:
            self.lines = path.read_text("utf-8-sig", errors="replace").splitlines()
        except OSError:
            self.lines = []

    @property
    def is_public(self) -> bool:
        """Whether readers get it: no draft, and not scheduled."""
        return self.content.status not in NOT_PUBLIC

    def of_key(self, key: str, words: str, *, is_wrong: bool = True) -> Finding:
        """A finding at the line of the metadata `key`, or of the file's first."""
        return Finding(words, self.file, line_of(key, self.lines), is_wrong)


class Places:
    """Where the things stand that a text shows, asked for in the order in which it shows them."""

    def __init__(self, source: Source) -> None:
        self._text = "\n".join(source.lines)
        self._at = 0

    def line_of(self, said: str) -> int:
        """The line in which `said` stands next, written in some way; 1 if it stands nowhere."""
        ways = {said, escape(said, quote=False), unquote(said)} - {""}
        for start in (self._at, 0):
            found = [(at, way) for way in ways if (at := self._text.find(way, start)) >= 0]
            if found:
                at, way = min(found)
                self._at = at + len(way)
                return self._text.count("\n", 0, at) + 1
        return 1
