"""What is wrong with a line of a post's metadata, said with the file and the line."""

from __future__ import annotations

import re

from pelican.contents import Content

from pingback_server.domain.errors import BuildFailed


def wrong(content: Content, key: str, rule: str) -> BuildFailed:
    """A refusal for the metadata `key` of `content`, which breaks `rule`.

    It names the line of `key`, the first one where there is none.
    """
    named = re.compile(rf"\s*[\"':]?{key}[\"']?\s*[:=]", re.IGNORECASE)
    with open(str(content.source_path), encoding="utf-8-sig") as file:
        numbers = (number for number, line in enumerate(file, start=1) if named.match(line))
        line = next(numbers, 1)
    return BuildFailed(f"{key}: {rule}", content.source_path, line)
