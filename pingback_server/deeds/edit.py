"""The author corrects what an entry says; what it said before is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.as_shown import digest_of_words
from ..domain.discussion import PINGS, PRIVATE, Entry, folded
from ..domain.errors import Impossible, Invalid
from ..domain.form import CommentForm, Fields, check_form, has_something_to_see
from ..domain.markup import safe_html, words_of
from ..domain.posts import Manifest
from ..store import Store, Wording


@dataclass(frozen=True, slots=True)
class Correction:
    """What an entry is to say; None leaves as it is. Of a ping, `title` is its page's."""

    text: str | None = None
    author: str | None = None
    email: str | None = None
    url: str | None = None
    title: str | None = None


def edit(
    id: int,
    correction: Correction,
    *,
    blog: Manifest,
    store: Store,
    now: datetime,
    by: str,
    shown: str = "",
) -> int | None:
    """Correct a comment or a ping; the number of the action, None if nothing changed.

    `shown` is the digest of the words that are corrected, where somebody has seen them before.
    Raises NoSuchComment, NotAsShown if it says something else by now, Impossible for a message or
    a report and for what an entry of its kind has not, Invalid and TooLarge as the form of a
    comment does, or Unavailable; then nothing has changed.
    """
    entry = store.entry(id)
    if entry.kind in PRIVATE:
        raise Impossible(f"number {id} is a {entry.kind}: it stays as it was written")
    if entry.kind in PINGS and correction != Correction(title=correction.title):
        raise Impossible(f"number {id} is a {entry.kind}: of it the title alone can be corrected")
    if entry.kind not in PINGS and correction.title is not None:
        raise Impossible(f"number {id} is a {entry.kind}: it has no title")
    wording = _corrected(entry, correction, blog.discussion.comment_length)
    seen = shown or digest_of_words(entry)
    return store.revisions.edit(id, wording, now=now, by=by, shown=seen)


def _corrected(entry: Entry, correction: Correction, length: int) -> Wording:
    if entry.kind in PINGS:
        title = folded(entry.title if correction.title is None else correction.title)
        if not has_something_to_see(title):
            raise Invalid({"title": "missing"})
        return replace(_said(entry), title=title)
    fields = _checked(entry, correction, length)
    html = entry.html if fields.comment == entry.text else _visible(fields.comment)
    return Wording(fields.author, fields.email, fields.url, entry.title, fields.comment, html)


def _checked(entry: Entry, correction: Correction, length: int) -> Fields:
    """What it is to say; what stays as it was is not judged anew, wherever it was imported from."""
    was = {"author": entry.author, "email": entry.email, "url": entry.url}
    changed = {
        name: value
        for name in was
        if (value := getattr(correction, name)) is not None and value != was[name]
    }
    form = CommentForm(
        comment=entry.text if correction.text is None else correction.text, **changed
    )
    # A name can be changed, and not be taken away.
    fields = check_form(form, max(length, len(entry.text)), required={"author"} & changed.keys())
    return replace(
        fields,
        author=fields.author if "author" in changed else entry.author,
        email=fields.email if "email" in changed else entry.email,
        url=fields.url if "url" in changed else entry.url,
    )


def _visible(text: str) -> str:
    html = safe_html(text)
    if not has_something_to_see(words_of(html)):
        raise Invalid({"comment": "missing"})
    return html


def _said(entry: Entry) -> Wording:
    return Wording(entry.author, entry.email, entry.url, entry.title, entry.text, entry.html)
