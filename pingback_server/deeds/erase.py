"""Somebody wants to be forgotten (GDPR art. 17): all that is kept about them is erased."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from .. import languages
from ..domain import bayes
from ..domain.posts import Manifest
from ..languages import later
from ..store import Decider, Erased, Person, Store

NAMELESS = later("Anonymous")


def erase(
    person: Person, *, keep_text: bool, blog: Manifest, store: Store, now: datetime, by: str
) -> Erased:
    """Delete all that is about `person`, in one commit with the marks on the pages that showed it.

    With `keep_text` their comments lose name, addresses and website, but stay. Unavailable.
    """

    def name_below(post: str) -> str:
        known = blog.posts.get(post)
        language = known.language if known else blog.blog.language
        return languages.words(language, ZoneInfo(blog.blog.timezone))(NAMELESS)

    return store.personal.erase(
        person,
        bayes.words_of_entry,
        nameless=name_below if keep_text else None,
        by=Decider(by, now),
    )
