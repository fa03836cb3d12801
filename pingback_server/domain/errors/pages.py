"""What is wrong with a page of another host."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from .base import PermalienError

WhyRefused = Literal["grammar", "scheme", "port", "address", "redirects"]
WhyFailed = Literal["dns", "connect", "tls", "timeout", "too-large", "encoding", "protocol"]
_SHOWN = 200


class PageUnreadable(PermalienError):
    """The reader of a stranger's page ended before it had said anything; nothing came to harm.

    `why` is a word: `too-long` (the page), `too-slow` (too much for a processor), `too-large` (for
    the memory), `too-talkative` (the answer), or `broken` for whatever else ended it. It is
    `passing` if it was `out-of-time` by the clock: the machine was busy, and the page may be good.
    """

    def __init__(self, why: str) -> None:
        self.why = why
        self.passing = why == "out-of-time"
        super().__init__(f"the page cannot be read: {why}")


class NotFetched(PermalienError):
    """A page of another host was not read: `why` in one word, `url` as far as we came.

    The text is one line of printable characters, whatever the address is: it may go into a log.
    """

    def __init__(self, why: str, url: str, words: str) -> None:
        self.why, self.url = why, url
        said = "".join(letter if letter.isprintable() else " " for letter in words)
        super().__init__(f"{said}: {url[:_SHOWN]!a}")


class FetchRefused(NotFetched):
    """We never call that address.

    `why`: it is malformed (`grammar`), neither http nor https (`scheme`), or names another port
    than 80 and 443 (`port`); its host lies in a forbidden network (`address`); it leads on too
    often or in a circle (`redirects`).
    """

    def __init__(self, why: WhyRefused, url: str, words: str) -> None:
        super().__init__(why, url, words)


class FetchFailed(NotFetched):
    """The page could not be read; if `passing`, trying again later is right.

    `why`: the name is unknown (`dns`), nobody answers there (`connect`), the certificate is not
    theirs (`tls`), it took too long (`timeout`) or was too much (`too-large`), is packed in a way
    that was not asked for (`encoding`), or is no HTTP (`protocol`).
    """

    def __init__(self, why: WhyFailed, url: str, words: str, *, passing: bool = False) -> None:
        self.passing = passing
        super().__init__(why, url, words)


class HostBusy(PermalienError):
    """A host must not be called again before `wait` is over."""

    def __init__(self, host: str, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(f"{host} was called too lately or too often")


class NotVerified(PermalienError):
    """The page that is said to link here does not, or cannot be read.

    `problem` is the word of domain.pings.Problem; `passing` says that trying again later is right,
    after `retry_after` seconds if the host asks for that.
    """

    def __init__(
        self, problem: str, words: str, *, passing: bool = False, retry_after: int | None = None
    ) -> None:
        self.problem, self.passing, self.retry_after = problem, passing, retry_after
        super().__init__(words)
