"""A ping arrives, by whatever protocol: from two addresses to one durable commit."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ..domain.addresses import page_key, same_page
from ..domain.closing import is_open
from ..domain.errors import Blocked, Closed, FetchRefused, SourceRefused
from ..domain.pings import Budgets, Claim
from ..domain.posts import Manifest, Post
from ..domain.rulings import Rulings
from ..domain.switches import switched
from ..domain.targets import Targets
from ..domain.web_addresses import WebAddress, read_web_address
from ..store import Door, Store, Taken


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """What the door goes by: the blog as published, the store, and what they cannot say.

    `check` raises FetchRefused for an address that must never be called, and asks nobody;
    `is_there` says whether a page is published at a path.
    """

    blog: Manifest
    store: Store
    check: Callable[[str], None]
    is_there: Callable[[str], bool]
    rulings: Rulings
    budgets: Budgets = field(default_factory=Budgets)


def receive_ping(claim: Claim, door: Doorkeeper, now: datetime) -> Taken:
    """Take a ping in: it is on disk, with the job to verify it, when this returns.

    Raises SourceRefused, NotATarget, UnknownTarget, Closed, Blocked, TooMany or QueueFull if it is
    refused, and Unavailable if the store cannot take it now. No host is asked for anything.
    """
    targets = Targets(door.blog, door.is_there)
    source = _check_source(claim, targets, door)
    post = targets.post_at(claim.target)
    if targets.is_ours(claim.source) and targets.own_post_at(claim.source) in (None, post):
        raise SourceRefused("a page of this blog pings as a post, and another one than itself")
    _check_open(post, door, now)
    if door.rulings.blocks_host(source.host) or door.rulings.blocks_network(claim.ip):
        raise Blocked("the author takes no pings from there")
    entrance = Door(post.id, page_key(source.url), source.counted_as, secrets.token_hex(16))
    return door.store.pings.receive(claim, entrance, now=now, budgets=door.budgets)


def _check_source(claim: Claim, targets: Targets, door: Doorkeeper) -> WebAddress:
    """The source's address; SourceRefused for one that we would never ask for a page."""
    try:
        source = read_web_address(claim.source)
        if not targets.is_ours(claim.source):
            door.check(claim.source)
    except FetchRefused as refusal:
        raise SourceRefused("the source is no page that this blog would ask for") from refusal
    if same_page(claim.source, claim.target):
        raise SourceRefused("source and target are one page")
    return source


def _check_open(post: Post, door: Doorkeeper, now: datetime) -> None:
    """Closed unless the post takes pings by what it says of itself, or by its author's hand.

    Whether it was closed by hand is for the store to say, in the commit that takes the ping in.
    """
    if not _takes_pings(post, now):
        post = switched(post, door.store.switches.of(post.id))
        if not _takes_pings(post, now):
            raise Closed(post.pings_close_at)


def _takes_pings(post: Post, now: datetime) -> bool:
    return post.pings and is_open(post.pings_close_at, now)
