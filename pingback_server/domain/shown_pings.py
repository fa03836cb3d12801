"""What a ping shows in the discussion, made of what its page says; what the author rules of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from .addresses import place_of
from .discussion import Reason, Response, Status, Verdict
from .form import Fields
from .markup import plain_html
from .pings import ReceivedPing
from .rules import senders, words
from .rules.case import Case
from .rulings import Rulings
from .settings import DiscussionSettings
from .source_pages import SourcePage
from .targets import comment_in

STRANGER = Reason(
    "ping", "A page that links here waits for the author, unless its site is trusted."
)
TRUSTED = Reason("trusted-site", "The author trusts this site.")
LINKED = Reason("linked-site", "A post of this blog links to this site.")
LOOKS_ALIKE = Reason("look-alike", "The name of its host has letters beyond those of English.")
LINK_FARM = Reason("link-farm", "The page links to very many other sites.")
CHANGED = Reason("changed", "Its page has changed since; until you decide, the old words stand.")

_MANY_LINKS = 500


@dataclass(frozen=True, slots=True)
class ShownPing:
    """What stands in the discussion for a ping: text, and HTML that is safe to publish.

    `parent` is the number of the comment that the page answers, as far as it says one; `at` is when
    the page was published, or came.
    """

    response: Response
    title: str
    url: str
    site: str
    author: str
    author_url: str
    language: str
    text: str
    html: str
    at: datetime
    parent: int | None = None

    @property
    def digest(self) -> str:
        """One text for all that is the same to readers, whenever it is from."""
        said = {name: value for name, value in asdict(self).items() if name not in ("at", "parent")}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def shown_of(page: SourcePage, ping: ReceivedPing) -> ShownPing:
    """What `ping` shows, as its page is now. Of a reply it is the reply, else the words around the
    link; a trackback's own title and name stand in where the page has none."""
    response = Response(page.response.value)
    text = page.content if page.content and response is not Response.MENTION else page.excerpt
    return ShownPing(
        response=response,
        title=page.title or ping.given.get("title", ""),
        url=page.shown_url or ping.source,
        site=page.site or ping.given.get("blog_name", ""),
        author=page.author,
        author_url=page.author_url,
        language=page.language,
        text=text,
        html=plain_html(text),
        at=min(page.published or ping.received_at, ping.received_at),
        parent=comment_in(f"{ping.target.partition('#')[0]}#{page.fragment}")
        or comment_in(ping.target),
    )


def case_of(
    shown: ShownPing, ping: ReceivedPing, rulings: Rulings, settings: DiscussionSettings
) -> Case:
    """What a ping shows, as the author's rules look at what readers write."""
    said = f"{shown.title}\n{shown.site}\n{shown.text}"
    fields = Fields(shown.author, "", f"{shown.url}\n{shown.author_url}", said, shown.parent)
    return Case(fields, shown.html, kind=ping.kind, rulings=rulings, settings=settings)


def ruled_out(case: Case) -> Reason | None:
    """Why the author wants to see nothing of it: the block list, or words that are not allowed."""
    return senders.blocked(case) or words.disallowed(case)


def judge_ping(
    page: SourcePage,
    ways: Collection[str],
    case: Case,
    linked_hosts: Collection[str] = (),
) -> Verdict:
    """Published if the author trusts the hosts, or has linked to them; held if not, or if a word
    that waits for the author stands in it.

    `ways` are the addresses on the way to the page, its own included: many a site that is trusted
    leads on to wherever it is told. `linked_hosts` are empty unless such links are trusted. A name
    that only looks like one that is linked to is another name.
    """
    places = {place_of(way) for way in ways}
    hosts = {"" if place is None else place.host for place in places}
    if (word := words.to_be_seen(case)) is not None:
        return Verdict(Status.PENDING, (word,))
    if all(map(case.rulings.trusts_host, hosts)):
        return Verdict(Status.APPROVED, (TRUSTED,))
    spoke = []
    if any(label.startswith("xn--") for host in hosts for label in host.split(".")):
        spoke.append(LOOKS_ALIKE)
    if page.outgoing > _MANY_LINKS:
        spoke.append(LINK_FARM)
    if hosts.issubset(linked_hosts) and not spoke:
        return Verdict(Status.APPROVED, (LINKED,))
    return Verdict(Status.PENDING, (STRANGER, *spoke))
