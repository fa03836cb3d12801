"""Files that a build publishes although only posts lead to them that are not public."""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from pelican.contents import Content

logger = logging.getLogger(__name__)


def tell_of_public_files(files: Collection[str], waiting: Iterable[Content]) -> None:
    """Warn of each of `files`, paths below content/, at the line of the draft that shows it.

    They lie in a folder of STATIC_PATHS, which is published whole: what is missing from it would
    tell of a draft.
    """
    for post in waiting:
        source = str(post.source_path)
        for file in sorted(post.get_static_links() & set(files)):
            # In one piece: a message that names a file apart is taken for one about that file.
            logger.warning("%s", _told(source, file))


def _told(source: str, file: str) -> str:
    line = _line_of(Path(file).name, _lines(source))
    return (
        f"{os.path.relpath(source)}:{line}: {file} is public already, though only this post shows "
        "it: until the post is, keep it beside the post or in another folder of content/"
    )


def _lines(source: str) -> Iterator[str]:
    with open(source, encoding="utf-8-sig") as text:
        yield from text


def _line_of(name: str, lines: Iterable[str]) -> int:
    """The first line that has the `name`; 1 if it is written in another way."""
    return next((number for number, line in enumerate(lines, start=1) if name in line), 1)
