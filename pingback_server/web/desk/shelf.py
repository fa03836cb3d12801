"""The posts as the desk lists them: drafts, scheduled and published ones, each by its file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from ...contents import Contents, Head
from ...domain.folding import folded
from ...domain.people import Person, has_all_posts
from ...domain.posts import Manifest
from ...domain.tokens import draft_token
from ...languages import later
from ...unpublished import private_path, read_links
from ..service import service
from .access import seen_by


class State(StrEnum):
    """Where a post stands: `hidden` is public, but in no list; `waiting` is one that no build has
    seen yet."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    WAITING = "waiting"


STATES = {
    State.DRAFT: later("Draft"),
    State.SCHEDULED: later("Scheduled"),
    State.PUBLISHED: later("Published"),
    State.HIDDEN: later("Hidden"),
    State.WAITING: later("Not built yet"),
}


_PUBLIC = {State.PUBLISHED, State.HIDDEN}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """A post with its state; `path` is its address, below the blog's own, empty if it has none.

    `dated` is when it says to be from, None if it says nothing that is a date.
    """

    head: Head
    state: State
    path: str
    dated: datetime | None
    appears_at: datetime | None

    @property
    def is_public(self) -> bool:
        """Whether readers find it at its address."""
        return self.state in _PUBLIC


def contents() -> Contents:
    """The files of the blog's posts."""
    here = service()
    return Contents(here.folder / here.blog().blog.content)


def standing(head: Head) -> Standing:
    """How this post stands after the last build."""
    blog = service().blog()
    appears_at = blog.scheduled.get(head.id)
    state = _state(head, blog)
    if state in _PUBLIC:
        post = blog.posts[head.id]
        dated = post.published_at or _date_of(head, blog)
        return Standing(head, state, post.path, dated, None)
    return Standing(head, state, _private_path(head), _date_of(head, blog), appears_at)


def found(words: str, wanted: Collection[State], who: Person) -> list[Standing]:
    """What this person may write of what has all of `words` in title or file, newest first."""
    parts = folded(words).split()
    heads = [
        head
        for head in contents().written_here()
        if may_write(who, head)
        and all(part in folded(f"{head.title} {head.name}") for part in parts)
    ]
    shown = [one for one in map(standing, heads) if one.state in wanted]
    return sorted(shown, key=lambda one: (one.dated or _LONG_AGO, one.head.name), reverse=True)


def may_write(who: Person, head: Head) -> bool:
    """Whether this person may write the post: an author writes own ones, by `Author:`."""
    if has_all_posts(who.role):
        return True
    if head.author:
        return head.author in {who.name, who.display_name} - {""}
    return head.id in (seen_by(who) or ())


def _state(head: Head, blog: Manifest) -> State:
    if head.is_draft:
        return State.DRAFT
    if head.id in blog.scheduled:
        return State.SCHEDULED
    if head.id not in blog.posts:
        return State.WAITING
    return State.HIDDEN if head.is_hidden else State.PUBLISHED


def _date_of(head: Head, blog: Manifest) -> datetime | None:
    """What stands in `Date:`; without a zone it is by the blog's clock."""
    try:
        at = datetime.fromisoformat(head.date)
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(blog.blog.timezone))).astimezone(
            UTC
        )
    except (ValueError, OverflowError):
        return None


def _private_path(head: Head) -> str:
    """The address for friends, if a build has made that page."""
    here = service()
    token = draft_token(here.secrets, head.id, head.preview)
    is_there = any(one.token == token for one in read_links(here.data).waiting)
    return private_path(token) if is_there else ""
