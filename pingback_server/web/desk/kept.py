"""What somebody typed into a form that was refused: it stands below the reason, to be copied."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from ...languages import Words, later

_REPLY = "reply-"
# Nothing else is ever repeated: no password, no token, no button.
_LABELS = {
    "title": later("Title"),
    "category": later("Category"),
    "author": later("Name"),
    "email": later("E-mail"),
    "url": later("Website"),
    "note": later("Note"),
    "text": later("Text"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A field of a form as it was sent, and what it is called."""

    name: str
    label: str
    value: str


def kept(t: Words) -> list[Kept]:
    """What was typed into the form that was sent; nothing of a page that was only asked for."""
    sent = request.form
    fields = [Kept(name, t(label), sent[name]) for name, label in _LABELS.items() if name in sent]
    answers = [name for name in sent if name.startswith(_REPLY)]
    fields += [Kept(name, t("Your reply"), sent[name]) for name in answers]
    return [field for field in fields if field.value.strip()]
