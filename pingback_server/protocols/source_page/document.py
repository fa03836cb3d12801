"""What one walk through a page finds: its links with where they stand, and what its head says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ...domain.quoting import around, language_tag
from .tree import BLOCKS, Step, attribute, is_unseen, walk

# Through which attribute an element leads to, or shows, another resource (Webmention §3.2.2).
_LEADING = {
    **dict.fromkeys(("a", "area"), "href"),
    **dict.fromkeys(("img", "video", "audio", "source", "track", "embed", "iframe"), "src"),
}
_BREAK = "\n\n"
_MENUS = {"nav", "header", "footer", "aside"}
_MENU_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search"}
_CONTENT = {"e-content", "entry-content"}
_FORMATS = re.compile(r"(?:^|\s)(?:h-[a-z]|hentry|hfeed|vcard|hatom)")


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is written, the piece of the text at which it begins and ends, and its place.

    `rank` is lower the nearer it stands to what the page is about; `language` is its text's.
    """

    href: str
    begin: int
    end: int
    rank: tuple[bool, int]
    language: str
    is_followed: bool


@dataclass(slots=True)
class Document:
    """What a walk has found. `meta` has each name once, in lower case, as it came first."""

    links: list[Link] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    title: str = ""
    base: str | None = None
    language: str = ""
    has_microformats: bool = False

    def words_around(self, link: Link) -> str:
        """The words of the paragraph in which `link` stands, near it."""
        begin, end = link.begin, link.end
        while begin > 0 and self.pieces[begin - 1] != _BREAK:
            begin -= 1
        while end < len(self.pieces) and self.pieces[end] != _BREAK:
            end += 1
        parts = (slice(begin, link.begin), slice(link.begin, link.end), slice(link.end, end))
        before, middle, after = ("".join(self.pieces[part]) for part in parts)
        return around(before, middle, after)


def document_of(root: Any) -> Document:
    """Walk through the tree below `root` once."""
    reading = _Reading()
    for step, node in walk(root):
        if step is Step.TEXT:
            reading.document.pieces.append(str(node.data))
        elif step is Step.ENTER:
            reading.enter(node)
        else:
            reading.leave(node)
    return reading.document


class _Reading:
    """Where a walk is: in how many menus, articles and contents, in which language and links."""

    def __init__(self) -> None:
        self.document = Document()
        self._within = {"menu": 0, "main": 0, "article": 0, "content": 0}
        self._languages: list[str] = [""]
        self._begun: list[int] = []

    def enter(self, node: Any) -> None:
        document = self.document
        if language := _language_of(node):
            self._languages.append(language)
            document.language = document.language or (language if node.name == "html" else "")
        if node.name in BLOCKS:
            document.pieces.append(_BREAK)
        for region in _regions(node):
            self._within[region] += 1
        if node.name in _HEAD:
            _HEAD[node.name](document, node)
        if not document.has_microformats and node.attrs:
            document.has_microformats = bool(_FORMATS.search(attribute(node, "class")))
        if node.name in _LEADING:
            self._begun.append(len(document.pieces))
            if node.name == "img":
                document.pieces.append(attribute(node, "alt"))

    def leave(self, node: Any) -> None:
        if node.name in _LEADING:
            begin = self._begun.pop()
            name = _LEADING[node.name]
            if name in (node.attrs or {}) and not _is_hidden(node):
                self.document.links.append(self._link(attribute(node, name), begin, node))
        for region in _regions(node):
            self._within[region] -= 1
        if node.name in BLOCKS:
            self.document.pieces.append(_BREAK)
        if _language_of(node):
            self._languages.pop()

    def _link(self, href: str, begin: int, node: Any) -> Link:
        return Link(
            href=href,
            begin=begin,
            end=len(self.document.pieces),
            rank=(self._within["menu"] > 0, self._level()),
            language=self._languages[-1],
            is_followed=node.name in {"a", "area"},
        )

    def _level(self) -> int:
        for level, region in enumerate(("content", "article", "main")):
            if self._within[region]:
                return level
        return 3


def _regions(node: Any) -> list[str]:
    """What kinds of part of a page an element is."""
    found = []
    role = attribute(node, "role") if node.attrs else ""
    if node.name in _MENUS or role in _MENU_ROLES:
        found.append("menu")
    if node.name == "article":
        found.append("article")
    if node.name == "main" or role == "main":
        found.append("main")
    if node.attrs and not _CONTENT.isdisjoint(attribute(node, "class").split()):
        found.append("content")
    return found


def _is_hidden(node: Any) -> bool:
    return is_unseen(node) and node.name != "iframe"


def _language_of(node: Any) -> str:
    if not node.attrs:
        return ""
    return language_tag(attribute(node, "lang") or attribute(node, "xml:lang"))


def _read_title(document: Document, node: Any) -> None:
    document.title = document.title or "".join(str(child.data) for child in node.children)


def _read_base(document: Document, node: Any) -> None:
    if document.base is None and "href" in (node.attrs or {}):
        document.base = attribute(node, "href")


def _read_meta(document: Document, node: Any) -> None:
    for key in ("property", "name", "http-equiv"):
        if name := attribute(node, key).strip().lower():
            document.meta.setdefault(name, attribute(node, "content"))


_HEAD = {"title": _read_title, "base": _read_base, "meta": _read_meta}
