"""The few words and the picture by which a post or page is announced elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from pelican.contents import Content

from pingback_server.domain.form import without_controls
from pingback_server.domain.markup import plain_text
from pingback_server.domain.posts import Blog
from pingback_server.protocols.links import absolute, first_picture

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of a post where only a line fits. `image` is an absolute address or None."""

    description: str
    image: str | None


def read_facts(content: Content, blog: Blog) -> Facts:
    """The author's summary, or the first words, without markup; the first picture."""
    picture = first_picture(content.content)
    return Facts(
        description=_cut(without_controls(plain_text(content.summary))),
        image=absolute(f"{blog.url}/{content.url}", picture) if picture else None,
    )


def _cut(text: str) -> str:
    """At most so many characters, ending with a whole word."""
    if len(text) <= _LONGEST:
        return text
    head = text[: _LONGEST - 1]
    words = head.rpartition(" ")[0]
    # Chinese and Japanese write no spaces.
    return (words if len(words) > _LONGEST / 2 else head).rstrip(" ,;:—–-") + "…"
