"""Puts each table of a post into a frame that scrolls where the page is narrower than the table.

The frame takes the keyboard's focus, so that arrow keys move it, and it has a name for those who
hear the page: «Tableau 2», in the language of the text. How a column is aligned is said by a class:
the pages' security policy lets no style stand in the text.
"""

from __future__ import annotations

import re
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from pelican import signals

from pingback_server.languages import words

_TAG = re.compile(r"<(/?)table\b[^>]*>", re.IGNORECASE)
_ALIGNED = re.compile(r'(<t[hd]\b[^>]*?) style="text-align: (left|right|center);"')


def register() -> None:
    signals.content_object_init.connect(_frame_tables)


def _frame_tables(content: Any) -> None:
    if content._content:
        content._content = framed(content._content, content.lang)


def framed(text: str, language: str) -> str:
    """The HTML `text`, with a frame around each table outside of others, without any style."""
    t = words(language, ZoneInfo("UTC"))
    numbers = count(1)
    depth = 0

    def frame(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[1]:
            depth -= 1
            return tag[0] if depth else f"{tag[0]}</div>"
        depth += 1
        if depth > 1:
            return tag[0]
        name = t("Table %(n)s", n=next(numbers))
        return f'<div class="table" role="region" aria-label="{name}" tabindex="0">{tag[0]}'

    return _ALIGNED.sub(r'\1 class="\2"', _TAG.sub(frame, text))
