"""Sources that are no HTML: plain text with an address as a word, JSON with one as a value."""

from __future__ import annotations

import json
import re
from typing import Any

from ...domain.addresses import same_page
from ...domain.quoting import around

_WORD = re.compile(r"""https?://[^\s<>"'`\[\]{}|\\^]+""", re.IGNORECASE)
_AFTER_AN_ADDRESS = ".,;:!?)*_»”…"


def words_around_address(text: str, target: str) -> str | None:
    """The words around the address of `target` in `text`, None if it does not stand there."""
    for found in _WORD.finditer(text):
        address = found[0].rstrip(_AFTER_AN_ADDRESS)
        if same_page(address, target) or same_page(found[0], target):
            begin, end = found.start(), found.start() + len(address)
            return around(_last_paragraph(text[:begin]), address, _first_paragraph(text[end:]))
    return None


def links_in_json(text: str, target: str) -> bool:
    """Whether a value somewhere in the JSON in `text` is the address of `target`."""
    try:
        waiting: list[Any] = [json.loads(text)]
    except (ValueError, RecursionError):
        return False
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str) and same_page(value, target):
            return True
    return False


def _last_paragraph(text: str) -> str:
    return re.split(r"\n[ \t\r]*\n", text)[-1]


def _first_paragraph(text: str) -> str:
    return re.split(r"\n[ \t\r]*\n", text, maxsplit=1)[0]
