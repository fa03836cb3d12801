"""What a page that says it links to a post of ours turned out to be: a source, in our own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from .discussion import Response


@dataclass(frozen=True, slots=True)
class SourcePage:
    """What a source says of itself, made inert: text without controls or markup, of bounded length.

    What it does not say is empty, `published` None.
    """

    links: bool
    """Whether a link to the target stands where a reader can follow it (Webmention §3.2.2)."""
    shown_url: str
    """The address to show: the page's own, or where a known bridge says that it comes from."""
    title: str
    """Its own <title>, white space folded; of a page without one the next best name."""
    site: str
    """The name of its site, at least the host."""
    response: Response = Response.MENTION
    author: str = ""
    author_url: str = ""
    published: datetime | None = None
    """Aware; never later than when it was read."""
    language: str = ""
    """Of the text around the link, a language tag of the form of BCP 47."""
    excerpt: str = ""
    """The words around the link, on one line, `…` where there were more."""
    content: str = ""
    """Of a reply its text, lines kept: plain text, still to be made safe HTML like a comment's."""
    fragment: str = ""
    """What follows `#` in the link to the target: the comment that is answered, maybe."""
    outgoing: int = 0
    """How many of its links lead to other hosts."""
    is_gone: bool = False
    """Whether it says by `<meta http-equiv="Status">` that it is deleted (410)."""

    def told(self) -> dict[str, Any]:
        """All of it in values that JSON knows."""
        published = None if self.published is None else self.published.isoformat()
        return asdict(self) | {"published": published}


def source_page_of(told: Mapping[str, Any]) -> SourcePage:
    """The page of which `told` was made; ValueError where it was made of none."""
    if not isinstance(told, Mapping) or set(told) != {item.name for item in fields(SourcePage)}:
        raise ValueError("these are not the fields of a source page")
    given = dict(told)
    given["response"] = Response(_typed(given["response"], str))
    if given["published"] is not None:
        given["published"] = datetime.fromisoformat(_typed(given["published"], str))
        if given["published"].tzinfo is None:
            raise ValueError("its date has no time zone")
    for name, kind in (("links", bool), ("is_gone", bool), ("outgoing", int)):
        _typed(given[name], kind)
    for name in ("shown_url", "title", "site", "author", "author_url", "language", "excerpt"):
        _typed(given[name], str)
    for name in ("content", "fragment"):
        _typed(given[name], str)
    return SourcePage(**given)


def _typed(value: object, kind: type) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{value!r:.50} is no {kind.__name__}")
    return value
