"""Text that somebody types at the terminal or pipes in: whole as it is meant, or refused."""

from __future__ import annotations

import sys

import click

_NOT_UTF_8 = "is not written in UTF-8: set the terminal to UTF-8, or convert the text"


def whole(_context: click.Context, _parameter: click.Parameter, given: str | None) -> str | None:
    """The callback of an argument: what is typed. BadParameter for what is not in UTF-8."""
    if given is not None and not is_text(given):
        raise click.BadParameter(f"{given!r} {_NOT_UTF_8}")
    return given


def from_standard_input() -> str:
    """All of it. UsageError if it is not in UTF-8: no letter is left out in silence."""
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"what comes by standard input {_NOT_UTF_8}") from error


def is_text(given: str) -> bool:
    """Whether it came in UTF-8: Python has letters that no text can have for what did not."""
    return not any("\ud800" <= letter <= "\udfff" for letter in given)
