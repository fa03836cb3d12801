"""What somebody typed into a form that was refused: it stands below the reason, to be copied."""

from __future__ import annotations

from collections.abc import Mapping
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
    return [*(field for field in fields if field.value.strip()), *as_boxes(replies_typed(), t)]


def replies_typed(*, without: str = "") -> dict[str, str]:
    """The replies in the form that was sent, by the number of what each answers, as it was sent.

    That to the number `without` is not among them.
    """
    typed = {
        name.removeprefix(_REPLY): text
        for name, text in request.form.items()
        if name.startswith(_REPLY) and text.strip()
    }
    typed.pop(without, None)
    return typed


def as_boxes(replies: Mapping[str, str], t: Words) -> list[Kept]:
    """Replies to be copied, which `replies_typed` found."""
    return [Kept(f"{_REPLY}{number}", t("Your reply"), text) for number, text in replies.items()]
