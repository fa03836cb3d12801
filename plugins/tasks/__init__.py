"""Says of each box in a list of tasks, for those who hear the page, whether its task is done.

Markdown's `- [x]` makes a checkbox without a name; the one it gets is in the language of the text.
"""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from pelican import signals

from pingback_server.languages import words

_BOX = re.compile(
    r'(<li class="task-list-item">\s*(?:<p>)?)<input type="checkbox" disabled( checked)?/?>'
)


def register() -> None:
    signals.content_object_init.connect(_name_boxes)


def _name_boxes(content: Any) -> None:
    if content._content:
        content._content = named(content._content, content.lang)


def named(text: str, language: str) -> str:
    """The HTML `text` with a name for every box of a task list."""
    t = words(language, ZoneInfo("UTC"))

    def name(box: re.Match[str]) -> str:
        said, state = (t("done"), " checked") if box[2] else (t("to do"), "")
        return f'{box[1]}<input type="checkbox" disabled{state} aria-label="{said}">'

    return _BOX.sub(name, text)
