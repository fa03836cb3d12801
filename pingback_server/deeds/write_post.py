"""Somebody writes a post: begins one with the head that it needs, or saves what was corrected."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from ..contents import Contents, Head, Opened
from ..domain.errors import BadTitle, Changed
from ..domain.heads import without_draft
from ..store import Store

WRITE = "write"
"""How the audit log names it."""

# Bytes: a file's name may have 255, those of the day, of its ending and of what is written beside
# it among them.
_LONGEST_SLUG = 200


@dataclass(frozen=True, slots=True)
class NewPost:
    """What a post begins with; `at` is its instant in the blog's zone, `author` empty for the
    blog's own; posts have numbers if `is_numbered`, or if others have one."""

    title: str
    at: datetime
    category: str = ""
    language: str = ""
    author: str = ""
    is_draft: bool = False
    is_numbered: bool = False
    text: str = ""


def begin_post(wanted: NewPost, *, contents: Contents) -> Opened:
    """Write a new post with its head. BadTitle if there can be no file of its name."""
    heads = contents.heads()
    title = " ".join(wanted.title.split())
    slug = slug_of(title)
    name = f"{wanted.at:%Y-%m-%d}-{slug}"
    lines = {
        "Title": title,
        "Date": f"{wanted.at:%Y-%m-%d %H:%M}",
        "Author": " ".join(wanted.author.split()),
        "Category": _as_there(" ".join(wanted.category.split()), heads),
        "Lang": wanted.language,
        "Slug": slug,
        "Id": name,
        "Number": _next_number(heads, wanted.is_numbered),
        "Status": "draft" if wanted.is_draft else None,
    }
    head = "".join(f"{key}: {value}\n" for key, value in lines.items() if value)
    try:
        return contents.write(f"{name}.md", f"{head}\n{wanted.text}", "")
    except Changed as error:
        there = contents.folder / f"{name}.md"
        raise BadTitle(f"nothing was written, since this exists already: {there}") from error


def save_post(opened: Opened, *, is_published: bool, contents: Contents) -> Opened:
    """Put `opened.text` in the place of the file as it was opened; as it is then.

    If it `is_published`, it is no draft from then on. Raises Changed, TooLarge, NoSuchFile, or
    Unavailable if the disk is in the way; then nothing was written.
    """
    text = without_draft(opened.text) if is_published else opened.text
    return contents.write(opened.name, text, opened.digest)


def announce(saved: Opened, *, contents: Contents, store: Store, now: datetime, by: str) -> None:
    """Have the pages follow what was saved, and write down who did it. Unavailable."""
    store.mark_dirty([contents.head(saved.name).id], now)
    store.actions.note(WRITE, saved.name, {}, now=now, by=by)


def likenesses(title: str, category: str, heads: Sequence[Head]) -> list[str]:
    """What may be a slip: another post has this title, or a category is called nearly like this."""
    told = [
        f"{head.file} has this title already"
        for head in heads
        if head.title.casefold() == title.casefold()
    ]
    known = {head.category.casefold(): head.category for head in heads if head.category}
    if not category or category.casefold() in known:
        return told
    near = get_close_matches(category.casefold(), known, n=1, cutoff=0.75)
    if near:
        told.append(f"there is no category {category!r} yet: did you mean {known[near[0]]!r}?")
    return told


def slug_of(title: str) -> str:
    """The title as a part of an address: `Été à Nîmes !` is `ete-a-nimes`. BadTitle."""
    plain = unicodedata.normalize("NFKD", _spelt_out(title.casefold()))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    # Together again what belongs to a letter: browsers and keyboards write 한 as one.
    slug = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", letters)).strip("-_")
    if not slug:
        raise BadTitle(f"{title!r} has no letter or figure to make an address of")
    return _cut(slug[:80], _LONGEST_SLUG).rstrip("-")


def _cut(text: str, length: int) -> str:
    """The whole characters at its beginning that take at most so many bytes."""
    return text.encode()[:length].decode(errors="ignore")


def _spelt_out(text: str) -> str:
    return text.replace("œ", "oe").replace("æ", "ae").replace("ø", "o")


def _next_number(heads: Sequence[Head], is_numbered: bool) -> int | None:
    """The number by which `/?p=N` will lead to the post, in a blog whose posts have numbers."""
    numbers = [head.number for head in heads if head.number is not None]
    if not numbers and not is_numbered:
        return None
    return max(numbers, default=0) + 1


def _as_there(category: str, heads: Sequence[Head]) -> str:
    """The category, written as the posts write it that are in it already."""
    written = {head.category.casefold(): head.category for head in heads}
    return written.get(category.casefold(), category)
