"""`Aliases:`, the former addresses of a post or page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from pelican.contents import Article, Content, Page

from pingback_server.domain.former import plain

from .refusal import wrong

# What stands for itself in a path, in a page and in the maps of both web servers.
_PATH = re.compile(r"(/[^/\\?#\"{}\x00-\x1f\x7f]+)*/?")
_SERVICE = ("/-", "/healthz", "/readyz")


def read_aliases(content: Content) -> None:
    """Give a post or page its `aliases`: paths from the blog's root, each once, unquoted.

    BuildFailed for what is no path, or an address of the service.
    """
    if isinstance(content, Article | Page):
        moved: Any = content
        moved.aliases = _aliases_of(content)


def _aliases_of(content: Content) -> tuple[str, ...]:
    aliases: dict[str, str] = {}
    for said in _listed(content.metadata.get("aliases", "")):
        path = unquote(said)
        if not _is_path(path) or " " in said:
            rule = f"each has to be a path such as /2019/old-name/ without ? or #, not {said!r}"
            raise wrong(content, "Aliases", rule)
        if plain(path) in _SERVICE or path.startswith("/-/"):
            raise wrong(content, "Aliases", f"{path} is an address of the service")
        aliases.setdefault(plain(path), path)
    return tuple(aliases.values())


def _listed(said: object) -> list[str]:
    """The entries between the commas; Markdown's continued lines and YAML's lists are lists."""
    lines: Iterable[object] = said if isinstance(said, list | tuple) else [said]
    entries = (entry.strip() for line in lines for entry in str(line).split(","))
    return [entry for entry in entries if entry]


def _is_path(path: str) -> bool:
    return path != "" and bool(_PATH.fullmatch(path)) and not {".", ".."} & set(path.split("/"))


def check_aliases(contents: Iterable[Any]) -> None:
    """BuildFailed if two posts or pages claim the same former address."""
    seen: dict[str, Any] = {}
    for content in contents:
        for alias in content.aliases:
            if (other := seen.setdefault(plain(alias), content)) is not content:
                raise wrong(content, "Aliases", f"{other.relative_source_path} has {alias} too")
