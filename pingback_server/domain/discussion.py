"""What a discussion is made of: comments and pings, their kinds, states and public faces."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from urllib.parse import urlsplit

from markupsafe import Markup

_SPACE = re.compile("[\t\n\f\r ]+")


class Kind(StrEnum):
    """What an item of the moderation queue is; messages and reports are never public."""

    COMMENT = "comment"
    PINGBACK = "pingback"
    TRACKBACK = "trackback"
    WEBMENTION = "webmention"
    MESSAGE = "message"
    REPORT = "report"


PRIVATE = frozenset({Kind.MESSAGE, Kind.REPORT})
"""The kinds that no decision makes public."""

PINGS = frozenset({Kind.PINGBACK, Kind.TRACKBACK, Kind.WEBMENTION})
"""The kinds by which another page says that it links here."""


class Response(StrEnum):
    """What a page that links here is to the post (microformats: response type discovery)."""

    MENTION = "mention"
    REPLY = "reply"
    LIKE = "like"
    REPOST = "repost"
    BOOKMARK = "bookmark"


REACTIONS = frozenset({Response.LIKE, Response.REPOST, Response.BOOKMARK})
"""The responses without words: they stand in a row of names and do not count."""


class Status(StrEnum):
    """Where an item stands; only what is approved is public."""

    PENDING = "pending"
    APPROVED = "approved"
    SPAM = "spam"
    TRASH = "trash"


@dataclass(frozen=True, slots=True)
class Reason:
    """What a rule said of an item: its name, the same in words for the author, its score.

    A score above zero speaks for spam, one below for an honest comment; most rules give none.
    """

    rule: str
    words: str
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy makes of a submission: the state it enters in, and every rule that spoke."""

    status: Status
    reasons: tuple[Reason, ...] = ()

    @property
    def score(self) -> float:
        """The sum of what the rules said."""
        return sum(reason.score for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Whence:
    """Where something was sent from. Private.

    `ip` is the whole address, `network` the part of it that a provider gives to one customer (/24,
    /56); `browser` is the digest of the token of a browser that asked to be remembered.
    """

    ip: str = ""
    network: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody sent, checked and made safe, before it has a number. Private."""

    post: str
    parent: int | None
    author: str
    email: str
    url: str
    text: str
    html: str
    is_by_author: bool = False
    kind: Kind = Kind.COMMENT
    whence: Whence = Whence()


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as the moderator sees it, private fields included; no public template gets it.

    Of a ping, `title` is its page's own title, `url` that page and `target` what it links to;
    `response` says what it is to the post, `site`, `author_url` and `language` what its page says.
    `origin` is the name under which an import brought it, None for what arrived here. `score` is
    the sum of what the rules said, `cluster` the number of the first item that it is nearly the
    same as. `decided_at` is None as long as no human put it into its state; `edited_at` is when
    its text last changed, None if it never did. `replaces` is the number of a public item: to
    approve this one is to have its words take the place of that one's.
    """

    id: int
    kind: Kind
    status: Status
    post: str
    parent: int | None
    author: str
    email: str
    url: str
    text: str
    html: str
    at: datetime
    is_by_author: bool
    reasons: tuple[Reason, ...]
    title: str = ""
    target: str = ""
    origin: str | None = None
    response: Response = Response.MENTION
    site: str = ""
    author_url: str = ""
    language: str = ""
    whence: Whence = Whence()
    score: float = 0.0
    cluster: int | None = None
    decided_at: datetime | None = None
    edited_at: datetime | None = None
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """An approved comment as everybody may see it: it has no e-mail, no address, nothing private.

    `id` is the number in its anchor `#comment-N` and never changes; `html` is safe to publish.
    What another page answers to the post is one as well: `source` is that page's whole address,
    empty for what was written here, and `language` the tag of its text's, where that is known.
    `edited_at` is when its text last changed, if it ever did.
    """

    is_ping: ClassVar[bool] = False
    is_gone: ClassVar[bool] = False
    is_counted: ClassVar[bool] = True

    id: int
    parent: int | None
    author: str
    url: str
    html: Markup
    at: datetime
    is_by_author: bool
    source: str = ""
    edited_at: datetime | None = None
    language: str = ""

    @property
    def anchor(self) -> str:
        """What follows `#` in its address."""
        return f"comment-{self.id}"

    @property
    def via(self) -> str:
        """The host on which it was written, empty for what was written here."""
        return host_of(self.source)


@dataclass(frozen=True, slots=True)
class Gone:
    """What was answered and is public no more: nothing of it but its place in the thread.

    It looks like a comment in which nobody says anything.
    """

    is_ping: ClassVar[bool] = False
    is_gone: ClassVar[bool] = True
    is_counted: ClassVar[bool] = False
    author: ClassVar[str] = ""
    url: ClassVar[str] = ""
    html: ClassVar[str] = ""
    is_by_author: ClassVar[bool] = False
    source: ClassVar[str] = ""
    edited_at: ClassVar[None] = None
    language: ClassVar[str] = ""

    id: int
    parent: int | None
    at: datetime

    @property
    def anchor(self) -> str:
        """What follows `#` in its address: that of the comment."""
        return f"comment-{self.id}"


@dataclass(frozen=True, slots=True)
class Ping:
    """Another page that links here, as everybody may see it.

    `title` is that page's own, `source` its whole address, `author` whoever speaks there, and
    `language` the tag of its language, where that is known. A post of this blog that links to
    another has no `id`; its own is in `page`, and the blog needs no network to know of it.
    """

    is_ping: ClassVar[bool] = True
    is_gone: ClassVar[bool] = False

    id: int | None
    kind: Kind
    title: str
    source: str
    at: datetime
    page: str = ""
    response: Response = Response.MENTION
    author: str = ""
    language: str = ""

    @property
    def anchor(self) -> str:
        """What follows `#` in its address."""
        if self.id is not None:
            return f"comment-{self.id}"
        return f"ping-{hashlib.sha256(self.page.encode()).hexdigest()[:10]}"

    @property
    def is_counted(self) -> bool:
        """Whether it is a line of the discussion, and not a name in the row of reactions."""
        return self.response not in REACTIONS


Item = Comment | Ping | Gone


def folded(title: str) -> str:
    """A page's own title as a ping shows it: verbatim, but for the white space of HTML (§3.2.5)."""
    return _SPACE.sub(" ", title).strip(" ")


def host_of(address: str) -> str:
    """The host in an absolute `address` as people name it; empty where there is none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
