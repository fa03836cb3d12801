"""Who is not let in at the desk, and decisions that cannot be taken."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import Literal

from .base import PermalienError

_SHOWN = 200
WhatFits = Literal["state", "kind", "network", "number", "day", "length"]
_FITS: dict[WhatFits, str] = {
    "state": "{word}: known are {known}",
    "kind": "{word}: known are {known}",
    "network": "{word}: expected an address, its beginning, or a network such as {known}",
    "number": "{word}: expected the number of an entry",
    "day": "{word}: expected a day such as {known}",
    "length": "a search has at most {known} characters",
}


class NotLetIn(PermalienError):
    """Somebody does not get to the desk."""


class WrongPassword(NotLetIn):
    """Name and password do not belong together; it is never said which of them is wrong."""

    def __init__(self) -> None:
        super().__init__("name and password do not belong together")


class TooOften(NotLetIn):
    """Too many guesses from one network, or at one name: the next is looked at after `wait`."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(f"too many guesses: try again in {wait.total_seconds():.0f} s")

    @property
    def seconds(self) -> int:
        """After how many seconds the next is looked at, at the earliest."""
        return max(1, ceil(self.wait.total_seconds()))


class Busy(NotLetIn):
    """More people sign in at once than there is memory for; in a second there is."""

    def __init__(self) -> None:
        super().__init__("too many people sign in at this moment: try again")


class LinkSpent(NotLetIn):
    """The link was used, another was made since, or it is too old."""

    def __init__(self) -> None:
        super().__init__("this link was used, or replaced by another, or is too old")


class Impossible(PermalienError):
    """A decision that cannot be taken."""


class NoSuchComment(Impossible):
    """No comment has that number."""


class BadRuling(Impossible):
    """What is to be blocked or trusted is no domain, address, network, pattern or browser."""


class NoSuchPing(Impossible):
    """No ping has that number, or that token."""


class BadFilter(Impossible):
    """Words of a search that mean nothing.

    `word` is the one at fault; what would do is a `state`, a `kind`, a `network`, a `number`, a
    `day`, or fewer of them (`length`), as `wanted` says; `known` are those that there are, or how
    many.
    """

    def __init__(self, word: str, wanted: WhatFits, known: str) -> None:
        self.word, self.wanted, self.known = word, wanted, known
        super().__init__(_FITS[wanted].format(word=word, known=known))


class NotInThatState(Impossible):
    """The comment is not in a state from which the decision makes sense."""


class Corrected(NotInThatState):
    """Somebody at the desk has corrected the comment: its writer changes it no more."""


class NotAsShown(Impossible):
    """What somebody decides on is not what they saw: it has to be looked at again."""


class NoSuchUser(Impossible):
    """Nobody of that name may sit at the desk."""


class BadName(Impossible):
    """A name that nobody can sign in by, or that somebody has already."""


class BadPassword(Impossible):
    """A password that is guessed too easily: `problem` is `short`, `long`, `plain` or `name`."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(f"this password cannot be taken: {problem}")


class LastOwner(Impossible):
    """Nobody would be left who can sign in and manage the blog."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is the only owner who can sign in: let another be one first")


class BadTitle(Impossible):
    """Of this title no new file of a post can be made."""


class NoSuchFile(Impossible):
    """There is no such file below content/, or none that can be written here."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name[:_SHOWN]!a} is no file of a post that can be written here")


class NotText(Impossible):
    """A file that is not UTF-8 and would be spoilt."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not written in UTF-8")


class Changed(Impossible):
    """A file was changed since it was opened; `there` is what it says now."""

    def __init__(self, name: str, there: str) -> None:
        self.there = there
        super().__init__(f"{name} was changed meanwhile")
