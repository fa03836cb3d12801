"""What a file to import may hold: comments, pings and messages as JSON, checked entry by entry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from .discussion import PINGS, Kind, Response, Status, folded
from .errors import BadImport, Invalid, TooLarge
from .form import (
    CommentForm,
    Fields,
    check_form,
    has_something_to_see,
    is_web_address,
    tidy_text,
    without_directions,
)
from .markup import safe_html, words_of
from .quoting import language_tag

LONGEST_TEXT = 50_000
_MOST_PROBLEMS = 20
_STRINGS = ("origin", "kind", "post", "author", "email", "url", "at", "text", "title", "status")
_OF_PINGS = ("response", "site", "author_url", "language")
_KNOWN = (*_STRINGS, *_OF_PINGS, "parent", "by_author")
_REQUIRED = ("origin", "kind", "post", "at", "status")

W = TypeVar("W", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Imported:
    """An entry of the file. `origin` is its name for ever, `parent` that of what it answers.

    Of a ping, `response` is what its page is to the post, `site`, `author_url` and `language` are
    what its page says of itself.
    """

    origin: str
    kind: Kind
    status: Status
    post: str
    parent: str | None
    author: str
    email: str
    url: str
    text: str
    html: str
    title: str
    at: datetime
    is_by_author: bool
    response: Response = Response.MENTION
    site: str = ""
    author_url: str = ""
    language: str = ""


def read_imports(text: str) -> list[Imported]:
    """The entries of a file, what is answered before its answers.

    Raises BadImport, which names entry and field of whatever is wrong, all at once.
    """
    try:
        values = json.loads(text)
    except ValueError as error:
        raise BadImport([f"it is not JSON: {error}"]) from error
    except RecursionError as error:
        raise BadImport(["lists and objects stand too deep in one another"]) from error
    if not isinstance(values, list):
        raise BadImport(["it has to be a list of objects"])
    problems: list[str] = []
    entries: dict[str, Imported] = {}
    for number, value in enumerate(values, start=1):
        named = value.get("origin") if isinstance(value, dict) else None
        label = f"entry {number}" + (f" ({named})" if isinstance(named, str) else "")
        try:
            entry = _entry(value)
            if entry.origin in entries:
                raise Invalid({"origin": "an entry before this one has the same"})
            entries[entry.origin] = entry
        except Invalid as wrong:
            problems += [f"{label}: {field}: {rule}" for field, rule in wrong.problems.items()]
    problems += [] if problems else _wrong_parents(entries)
    if problems:
        raise BadImport(problems[:_MOST_PROBLEMS])
    return _parents_first(entries)


def _entry(value: Any) -> Imported:
    """One entry. Invalid says what is wrong with which of its fields."""
    if not isinstance(value, dict):
        raise Invalid({"entry": "has to be an object"})
    _check_shape(value)
    kind, status = _word(value, "kind", Kind), _word(value, "status", Status)
    title = folded(tidy_text(value.get("title") or ""))
    fields = _fields(value, kind, title)
    said = fields.comment if value.get("text") else ""
    html = safe_html(said) if said else ""
    if kind not in PINGS and not has_something_to_see(words_of(html)):
        raise Invalid({"text": "missing"})
    is_by_author, parent = value.get("by_author", False), value.get("parent")
    response = _response(value, kind)
    may_answer = kind is Kind.COMMENT or response is Response.REPLY
    if (kind is not Kind.COMMENT and is_by_author) or (parent is not None and not may_answer):
        raise Invalid({"parent": f"a {kind} answers nobody, and is not by the author"})
    return Imported(
        origin=value["origin"],
        kind=kind,
        status=status,
        post=value["post"],
        parent=parent,
        author=fields.author if value.get("author") else "",
        email=fields.email,
        url=fields.url,
        text=said,
        html=html,
        title=title if kind in PINGS else "",
        at=_instant(value["at"]),
        is_by_author=is_by_author,
        response=response,
        site=folded(without_directions(tidy_text(value.get("site") or ""))),
        author_url=value.get("author_url") or "",
        language=value.get("language") or "",
    )


def _response(value: Mapping[str, str], kind: Kind) -> Response:
    """What the page of a ping is to the post. Invalid says what is wrong with what it says."""
    problems = {}
    if kind not in PINGS:
        problems = {field: "only pings have one" for field in _OF_PINGS if value.get(field)}
    if (url := value.get("author_url")) and not is_web_address(url):
        problems.setdefault("author_url", "malformed")
    if (tag := value.get("language")) and language_tag(tag) != tag:
        problems.setdefault("language", f"has to be a language tag such as fr, not {tag!r}")
    if problems:
        raise Invalid(problems)
    return _word(value, "response", Response) if value.get("response") else Response.MENTION


def _check_shape(value: Mapping[str, object]) -> None:
    problems = {}
    for field in value.keys() - set(_KNOWN):
        near = get_close_matches(field, _KNOWN, n=1)
        problems[field] = "is no field" + (f" (did you mean {near[0]!r}?)" if near else "")
    for field in (*_STRINGS, *_OF_PINGS):
        if not isinstance(value.get(field, ""), str):
            problems[field] = f"has to be a text, not {value[field]!r}"
        elif field in _REQUIRED and not value.get(field):
            problems[field] = "missing"
        elif not _is_unicode(str(value.get(field, ""))):
            problems[field] = "has characters that cannot be stored"
    if not isinstance(value.get("parent"), str | None):
        problems["parent"] = "has to be the `origin` of another entry, or null"
    if not isinstance(value.get("by_author", False), bool):
        problems["by_author"] = "has to be true or false"
    if problems:
        raise Invalid(problems)


def _is_unicode(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _word(value: Mapping[str, str], field: str, words: type[W]) -> W:
    try:
        return words(value[field])
    except ValueError:
        known = ", ".join(words)
        raise Invalid({field: f"has to be one of {known}, not {value[field]!r}"}) from None


def _fields(value: Mapping[str, str], kind: Kind, title: str) -> Fields:
    """The fields that a form has too, by the same rules; a ping needs a title and an address."""
    text, author = value.get("text") or "", value.get("author") or ""
    if kind in PINGS:
        missing = {key: "missing" for key in ("title", "url") if not value.get(key)}
        if missing:
            raise Invalid(missing)
        text, author = text or title, author or "?"
    form = CommentForm(
        author=author, email=value.get("email") or "", url=value.get("url") or "", comment=text
    )
    try:
        return check_form(form, LONGEST_TEXT)
    except Invalid as wrong:
        renamed = {"comment": "text"}
        raise Invalid(
            {renamed.get(key, key): rule for key, rule in wrong.problems.items()}
        ) from None
    except TooLarge as refusal:
        raise Invalid({"text": str(refusal)}) from None


def _instant(said: str) -> datetime:
    rule = f"has to be an instant such as 2026-11-22T14:03:00+01:00, not {said!r}"
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        raise Invalid({"at": rule}) from None
    # Within a day of either end there are clocks by which it lies outside of the calendar.
    if at.tzinfo is None or not MINYEAR < at.year < MAXYEAR:
        raise Invalid({"at": rule})
    return at


def _wrong_parents(entries: Mapping[str, Imported]) -> list[str]:
    """What is wrong with the parents that stand in the same file; others may be in the store."""
    problems = []
    for entry in entries.values():
        parent = entries.get(entry.parent) if entry.parent is not None else None
        if parent is None:
            continue
        if parent.post != entry.post or parent.kind is not Kind.COMMENT:
            problems.append(f"{entry.origin}: parent: {parent.origin} is no comment on that post")
        elif _is_circle(entry, entries):
            problems.append(f"{entry.origin}: parent: it answers itself by way of others")
    return problems


def _is_circle(entry: Imported, entries: Mapping[str, Imported]) -> bool:
    seen = {entry.origin}
    above = entries.get(entry.parent or "")
    while above is not None and above.origin not in seen:
        seen.add(above.origin)
        above = entries.get(above.parent or "")
    return above is not None


def _parents_first(entries: Mapping[str, Imported]) -> list[Imported]:
    """The entries in their order, but for parents that come after their answers."""
    ordered: dict[str, Imported] = {}
    for entry in entries.values():
        path = [entry]
        while (above := entries.get(path[-1].parent or "")) and above.origin not in ordered:
            path.append(above)
        ordered.update({one.origin: one for one in reversed(path) if one.origin not in ordered})
    return list(ordered.values())


def posts_of(entries: Iterable[Imported]) -> list[str]:
    """The posts that the entries are about, each once."""
    return list(dict.fromkeys(entry.post for entry in entries))
