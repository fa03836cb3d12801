"""Posts whose address changed: the author is told the line that makes the former one lead on."""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Mapping

from pelican.contents import Content

logger = logging.getLogger(__name__)

# Another form of all addresses (`PERMALINKS`) moves every post at once.
_TOLD_BY_NAME = 5


def tell_of_moves(
    left: Mapping[str, str], known: Collection[str], contents: Mapping[str, Content]
) -> None:
    """Warn of each address in `left` that was not `known` to lead nowhere by the last build.

    `left` has the id of the post that stood there; `contents` are posts and pages by their ids.
    """
    new = [(path, contents[id]) for path, id in left.items() if path not in known]
    for path, content in new[:_TOLD_BY_NAME]:
        logger.warning(
            "%s:1: until now it stood at %s, and nothing leads on from there: add `Aliases: %s` "
            "to its head",
            os.path.relpath(str(content.source_path)),
            path,
            ", ".join([*getattr(content, "aliases", ()), path]),
        )
    if more := new[_TOLD_BY_NAME:]:
        logger.warning(
            "%d more posts have left their addresses: `permalien check` names them all.", len(more)
        )
