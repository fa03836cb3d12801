"""What is wrong with a line of a post's metadata, said with the file and the line."""

from __future__ import annotations

from pelican.contents import Content

from pingback_server.domain.errors import BuildFailed
from pingback_server.domain.heads import line_of


def wrong(content: Content, key: str, rule: str) -> BuildFailed:
    """A refusal for the metadata `key` of `content`, which breaks `rule`.

    It names the line of `key`, the first one where there is none.
    """
    with open(str(content.source_path), encoding="utf-8-sig") as file:
        return BuildFailed(f"{key}: {rule}", content.source_path, line_of(key, file))
