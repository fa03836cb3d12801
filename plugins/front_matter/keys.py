"""What the entries of a head in YAML or TOML are called here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pelican.contents import Article
from pelican.utils import get_date

from .head import BadHead, Entry

Metadata = dict[str, str | list[str]]

# Names of Hugo, Jekyll, Zola and Eleventy; where a post has several, the first one here counts.
_CALLED = {
    "modified": ("modified", "lastmod", "updated", "last_modified_at"),
    "summary": ("summary", "excerpt", "description"),
    "category": ("category", "categories"),
    "authors": ("authors", "author"),
    "lang": ("lang", "language", "locale"),
    "date": ("date", "publishdate"),
    "url": ("url", "permalink"),
    "aliases": ("aliases", "redirect_from"),
}
_LISTS = {"tags", "authors", "aliases"}
_DATES = {"date", "modified"}
_SWITCHES = {"comments", "pings"}
_TEXTS = {"title", "slug", "id", "summary", "template", "status", "closes", "number", "preview"}
_YES, _NO = {"true", "yes", "on"}, {"false", "no", "off"}
# What would take the place of something that Pelican's posts have already, or says how a page is
# laid out in another program's theme.
_FOREIGN = {"layout", "type", "draft", "published", "markup", "settings", "content", "translations"}
_PATH = re.compile(r"/[^:?#{}\\]*")


def metadata_of(entries: Iterable[Entry]) -> Metadata:
    """The entries as Pelican's metadata, as text still; BadHead names the line of a wrong one."""
    by_key = {entry.key: entry for entry in entries}
    said: Metadata = {}
    for name, names in _CALLED.items():
        given = [by_key.pop(key) for key in names if key in by_key]
        if entry := next((entry for entry in given if entry.value), None):
            said.update(_named(name, entry))
    if _is_draft(by_key):
        said["status"] = "draft"
    for key, entry in by_key.items():
        if entry.value and key not in _FOREIGN and not hasattr(Article, key):
            said.update(_named(key, entry))
    if "status" in by_key and by_key["status"].value and "status" not in said:
        said["status"] = _text(by_key["status"])
    return said


def _named(name: str, entry: Entry) -> Metadata:
    if name in _LISTS:
        return {name: _listed(entry)}
    if name == "category":
        return _category(entry)
    if name in _DATES:
        return {name: _date(entry)}
    if name in _SWITCHES:
        return {name: _switch(entry)}
    if name == "url":
        return _address(entry)
    if name == "lang":
        return {name: re.split("[-_]", _text(entry))[0].lower()}
    if isinstance(entry.value, list) and name not in _TEXTS:
        return {name: entry.value}
    return {name: _text(entry)}


def _text(entry: Entry) -> str:
    if isinstance(entry.value, list):
        if len(entry.value) == 1:
            return entry.value[0]
        raise BadHead(f"`{entry.key}` has to be text, not a list", entry.line)
    return entry.value or ""


def _listed(entry: Entry) -> list[str]:
    values = entry.value.split(",") if isinstance(entry.value, str) else entry.value or []
    return [text for value in values if (text := value.strip())]


def _category(entry: Entry) -> Metadata:
    """A post stands in one category: the first; what else it was filed under is told as unread."""
    names = _listed(entry) if isinstance(entry.value, list) else [_text(entry)]
    return {"category": names[0], **({"further_categories": names[1:]} if names[1:] else {})}


def _date(entry: Entry) -> str:
    text = _text(entry)
    try:
        get_date(text)
    except (ValueError, OverflowError):
        rule = f"has to be a date such as 2026-11-22 18:30, not {text!r}"
        raise BadHead(f"`{entry.key}` {rule}", entry.line) from None
    return text


def _switch(entry: Entry) -> str:
    said = _text(entry).lower()
    return {**dict.fromkeys(_YES, "open"), **dict.fromkeys(_NO, "closed")}.get(said, said)


def _address(entry: Entry) -> Metadata:
    path = _text(entry)
    if not _PATH.fullmatch(path) or ".." in path.split("/"):
        rule = f"has to be a path such as /notes/first/, not {path!r}"
        raise BadHead(f"`{entry.key}` {rule}", entry.line)
    url = path.lstrip("/")
    is_file = url.endswith((".html", ".htm"))
    folder = url if url.endswith("/") or not url else f"{url}/"
    return {"url": url if is_file else folder, "save_as": url if is_file else f"{folder}index.html"}


def _is_draft(entries: dict[str, Entry]) -> bool:
    for key, keeps_back in (("draft", _YES), ("published", _NO)):
        if (entry := entries.get(key)) is None or not entry.value:
            continue
        said = _text(entry).lower()
        if said not in _YES | _NO:
            raise BadHead(f"`{key}` has to be true or false, not {said!r}", entry.line)
        if said in keeps_back:
            return True
    return False
