"""The Markdown reader that knows heads in YAML and TOML beside Pelican's own."""

from __future__ import annotations

import logging
from typing import Any

from markdown import Markdown
from pelican.readers import MarkdownReader
from pelican.utils import pelican_open

from pingback_server.domain.errors import BuildFailed

from .head import BadHead, Entry, parted
from .keys import Metadata, metadata_of

logger = logging.getLogger(__name__)


class HeadReader(MarkdownReader):
    """Reads posts in Markdown, whichever of the three kinds of head they have."""

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """The text as HTML and the metadata; BuildFailed names the line of a head that is wrong."""
        with pelican_open(source_path) as text:
            written: str = text
        try:
            found = parted(written)
            if found is None:
                return self._read_as_ever(source_path)
            entries, body = found
            said = metadata_of(entries)
        except BadHead as error:
            raise BuildFailed(str(error), source_path, error.line) from None
        _tell_what_is_left_out(said, entries, source_path)
        markdown = Markdown(**self.settings["MARKDOWN"])
        # A text that begins with «Note: …» is no second head.
        markdown.preprocessors.deregister("meta", strict=False)
        content = markdown.convert(body)
        return content, {key: self._processed(key, said[key], markdown) for key in said}

    def _read_as_ever(self, source_path: str) -> tuple[str, dict[str, Any]]:
        read: tuple[str, dict[str, Any]]
        read = super().read(source_path)  # type: ignore[no-untyped-call]  # Pelican has no hints
        return read

    def _processed(self, key: str, value: str | list[str], markdown: Markdown) -> Any:
        """The value as Pelican's other heads give it: a summary as HTML, tags as tags."""
        if key in self.settings["FORMATTED_FIELDS"] and isinstance(value, str):
            markdown.reset()
            value = markdown.convert(value)
        return self.process_metadata(key, value)  # type: ignore[no-untyped-call]  # no hints


def _tell_what_is_left_out(said: Metadata, entries: list[Entry], source_path: str) -> None:
    further = said.pop("further_categories", None)
    if further:
        line = next(entry.line for entry in entries if entry.key in {"category", "categories"})
        logger.warning(
            "%s:%s: a post stands in one category, %r; left out: %s (tags may be many)",
            source_path,
            line,
            said["category"],
            ", ".join(further),
        )
