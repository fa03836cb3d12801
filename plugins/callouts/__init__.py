"""Gives callouts that have no title of their own (`!!! note`) one in the language of the text.

Markdown makes it of the kind's name, which is an English word.
"""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from pelican import signals

from pingback_server.languages import later, words

# The kinds that writers know from docutils, MkDocs, Obsidian and GitHub.
_TITLES = {
    title.casefold(): title
    for title in (
        later("Note"),
        later("Info"),
        later("Tip"),
        later("Hint"),
        later("Important"),
        later("Warning"),
        later("Caution"),
        later("Attention"),
        later("Danger"),
        later("Error"),
        later("Abstract"),
        later("Success"),
        later("Question"),
        later("Failure"),
        later("Bug"),
        later("Example"),
        later("Quote"),
    )
}
_TITLED = re.compile(
    r'(<(?:div class="admonition|details class=") ?(?P<kind>[\w-]+)[^>]*>\s*'
    r'<(?:p class="admonition-title"|summary)>)(?P<title>[^<]+)(?=</(?:p|summary)>)'
)


def register() -> None:
    signals.content_object_init.connect(_title_callouts)


def _title_callouts(content: Any) -> None:
    if content._content:
        content._content = titled(content._content, content.lang)


def titled(text: str, language: str) -> str:
    """The HTML `text`, in which a title that only names its callout's kind is in `language`."""
    t = words(language, ZoneInfo("UTC"))

    def title(found: re.Match[str]) -> str:
        said = found["title"]
        is_own = said.casefold() != found["kind"].casefold()
        return found[1] + (said if is_own else t(_TITLES.get(said.casefold(), said)))

    return _TITLED.sub(title, text)
