"""What a stranger sent and why it is not taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from .base import PermalienError

WhyBad = Literal["malformed", "invalid", "method", "params"]


class Refused(PermalienError):
    """What a stranger sent is not taken."""


class Invalid(Refused):
    """Fields are missing or malformed: `problems` maps each field's name to the rule it breaks."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(f"{field}: {rule}" for field, rule in problems.items()))


class TooLarge(Refused):
    """A text of `length` characters where at most `limit` are taken."""

    def __init__(self, length: int, limit: int) -> None:
        self.length, self.limit = length, limit
        super().__init__(f"{length} characters, and at most {limit} are taken")


class Forged(Refused):
    """The form's token is missing, altered, or names no post."""


class Spent(Refused):
    """The preview was confirmed before, with another text."""


class UnknownPost(Refused):
    """No such post is published."""


class Closed(Refused):
    """The post's discussion is closed, since `at` where that is known."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at
        super().__init__("the discussion is closed")


class BadCall(Refused):
    """What came is no call that we answer.

    `why`: it is not well-formed XML, or has what we do not read (`malformed`); it is XML and no
    call (`invalid`); it calls what we do not have (`method`), or with other than two texts
    (`params`).
    """

    def __init__(self, why: WhyBad, words: str) -> None:
        self.why = why
        super().__init__(words)


class SourceRefused(Refused):
    """The page that is said to link here is none that we would ever read, or is the target."""


class UnknownTarget(Refused):
    """No page is, or will soon be, at the address that is said to be linked to."""


class NotATarget(Refused):
    """The address that is said to be linked to is no published post of this blog."""


class Blocked(Refused):
    """The author takes nothing from that host."""


class TooMany(Refused):
    """More came from a network, or in all, than is taken at once; there is room after `wait`."""

    def __init__(self, words: str, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(words)


class QueueFull(TooMany):
    """As much waits as ever may, whoever sent it."""
