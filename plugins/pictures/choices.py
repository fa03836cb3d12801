"""What the author chose for pictures: `PICTURES = {...}` in pelicanconf.py, checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from pingback_server.domain.errors import BadSetting

FORMATS = ("avif", "webp")
"""The formats of smaller copies, the smallest files first: a browser takes the first it knows."""


@dataclass(frozen=True, slots=True)
class Choices:
    """`widths` in pixels, none for no copies; `formats` of the copies; `quality` from 1 to 100."""

    widths: Sequence[int] = (480, 800, 1200)
    formats: Sequence[str] = FORMATS
    quality: int = 70


def read_choices(given: Any) -> Choices:
    """The choices with the defaults filled in; BadSetting names each key that is wrong."""
    if not isinstance(given, dict):
        raise BadSetting(f"pelicanconf.py: PICTURES has to be a dictionary, not {given!r}")
    known = [field.name for field in fields(Choices)]
    problems = [
        f"PICTURES[{key!r}] {rule}, not {value!r}"
        for key, value in given.items()
        if key in known and (rule := _broken_rule(key, value))
    ]
    problems += [
        f"PICTURES[{key!r}] is not a setting (known: {', '.join(known)})"
        for key in given
        if key not in known
    ]
    if problems:
        raise BadSetting("pelicanconf.py: " + "; ".join(problems))
    return replace(Choices(), **given)


def _broken_rule(key: str, value: Any) -> str | None:
    if key == "quality":
        is_right = type(value) is int and 1 <= value <= 100
        return None if is_right else "has to be a whole number from 1 to 100"
    if not isinstance(value, list | tuple):
        return "has to be a list"
    if key == "formats":
        is_right = all(item in FORMATS for item in value)
        return None if is_right else f"may hold {' and '.join(map(repr, FORMATS))} only"
    is_right = all(type(item) is int and 16 <= item <= 4000 for item in value)
    return None if is_right else "has to hold whole numbers from 16 to 4000"
