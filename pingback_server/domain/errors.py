"""Every cause for which Permalien refuses or fails, as one tree; each skin maps it in one table.

PermalienError
├── BadSetting            a setting that is not what it has to be; names the key and what would do
├── NoBlog                no pelicanconf.py where a blog was expected
├── NotPublished          the blog has not been built yet, so no post is known
├── BuildFailed           Pelican could not build; says file and line where known
├── BadImport             a file to import is not what it has to be; names entry and field
├── PageUnreadable        a stranger's page of which nothing could be made out; says why
├── HostBusy              another host was called too lately; says when it may be called again
├── NotVerified           a ping's source is no source: `problem` is one word, `passing` may change
├── Unavailable           the store takes nothing now (disk full, locked, gone): try again later
├── NotFetched            a page of another host was not read; `why` is one word
│   ├── FetchRefused          its address must never be called: that is final
│   └── FetchFailed           it did not answer, or not in order; `passing` if that may change
├── NotLetIn              somebody does not get to the desk
│   ├── WrongPassword         name and password do not belong together, or there is no such name
│   ├── TooOften              too many guesses from there or at that name; `wait` before the next
│   ├── Busy                  more people sign in at once than passwords can be looked at
│   └── LinkSpent             a link to sign in by was used, replaced, or is too old
├── Impossible            a decision that cannot be taken
│   ├── NoSuchComment         no comment has that number
│   ├── BadRuling             what is to be blocked or trusted is not written as it has to be
│   ├── NoSuchPing            no ping has that number, or that token
│   ├── BadFilter             words of a search that mean nothing; names the word
│   ├── NotInThatState        e.g. restoring what is neither spam nor in the trash
│   ├── NoSuchUser            nobody of that name may sit at the desk
│   ├── BadName               a name that nobody can sign in by, or that somebody has
│   ├── BadPassword           too easily guessed; `problem` is one word
│   ├── LastOwner             nobody would be left who may manage the blog
│   ├── BadTitle              of this title no new file of a post can be made
│   ├── NoSuchFile            no file below content/ that can be written here
│   ├── NotText               a file that is not UTF-8
│   └── Changed               a file is another by now; has what stands `there`
└── Refused               what a stranger sent is not taken
    ├── Invalid               a field is missing or malformed; says which and why
    ├── TooLarge              longer than the blog takes
    ├── Forged                the form's token does not name a post of this blog
    ├── Spent                 the preview was confirmed before, with another text
    ├── UnknownPost           no such post is published
    ├── Closed                the post's discussion is closed
    ├── BadCall               no call of a procedure that we know, in XML-RPC; `why` is one word
    ├── SourceRefused         the page that is said to link here can be no such page
    ├── UnknownTarget         what it is said to link to certainly does not exist
    ├── NotATarget            what it is said to link to takes no pings, or is not known here
    ├── Blocked               the author takes nothing from there
    └── TooMany               more than is taken in that time; says when to come again
        └── QueueFull             too much waits already, whoever sent it
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

WhyBad = Literal["malformed", "invalid", "method", "params"]
WhyRefused = Literal["grammar", "scheme", "port", "address", "redirects"]
WhyFailed = Literal["dns", "connect", "tls", "timeout", "too-large", "encoding", "protocol"]
_SHOWN = 200


class PermalienError(Exception):
    """Anything that this program says no to; its text says what, where and what to do."""


class BadSetting(PermalienError):
    """A setting that is not what it has to be."""


class NoBlog(PermalienError):
    """There is no blog where one was expected."""


class NotPublished(PermalienError):
    """The blog has not been built yet."""


class BuildFailed(PermalienError):
    """Pelican could not build the blog; the live pages are as they were.

    `file` and `line` say where the cause stands, as far as it could be found; `also` are further
    causes of the same failure, each with its place.
    """

    def __init__(
        self,
        message: str,
        file: str | None = None,
        line: int | None = None,
        *,
        also: tuple[BuildFailed, ...] = (),
    ) -> None:
        self.message, self.file, self.line, self.also = message, file, line, also
        place = ":".join(str(part) for part in (file, line) if part is not None)
        words = f"{place}: {message}" if place else message
        super().__init__("\n".join([words, *map(str, also)]))


class BadImport(PermalienError):
    """A file to import is not what it has to be, and nothing of it was taken.

    `problems` are sentences, each of which begins with the entry and the field.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("nothing was imported:" + "".join(f"\n  {one}" for one in problems))


class PageUnreadable(PermalienError):
    """The reader of a stranger's page ended before it had said anything; nothing came to harm.

    `why` is a word: `too-long` (the page), `too-slow`, `too-large` (in memory), `too-talkative`
    (the answer), or `broken` for whatever else ended it.
    """

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"the page cannot be read: {why}")


class Unavailable(PermalienError):
    """The store cannot take anything now; nothing was stored, and trying again later is right."""


class NotFetched(PermalienError):
    """A page of another host was not read: `why` in one word, `url` as far as we came.

    The text is one line of printable characters, whatever the address is: it may go into a log.
    """

    def __init__(self, why: str, url: str, words: str) -> None:
        self.why, self.url = why, url
        super().__init__(f"{words}: {url[:_SHOWN]!a}")


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
    """Words of a search that mean nothing."""


class NotInThatState(Impossible):
    """The comment is not in a state from which the decision makes sense."""


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
