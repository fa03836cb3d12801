"""Heads of posts as Hugo and Jekyll write them: YAML between lines `---`, TOML between `+++`.

Pelican's own `Key: value` heads are read as ever. The map, in the order in which a post is read:

- `reader` the Markdown reader that looks for such a head, and leaves all others to Pelican's
- `head`   the head apart from the text, and its entries, each with its line
- `keys`   what each entry is called here: `lastmod` is `Modified:`, `draft: true` a `Status:`
"""

from __future__ import annotations

from typing import Any

from pelican import signals
from pelican.readers import MarkdownReader

from .reader import HeadReader


def register() -> None:
    signals.readers_init.connect(_offer)


def _offer(readers: Any) -> None:
    classes = readers.reader_classes
    for ending in MarkdownReader.file_extensions:
        # A reader of the author's own (READERS) is left alone.
        if classes.get(ending) is MarkdownReader:
            classes[ending] = HeadReader
