"""Where posts and pages stand: two at one address, and former addresses that two of them claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pingback_server.domain.findings import Finding
from pingback_server.domain.former import plain

from .sources import Source


def of_places(sources: Iterable[Source]) -> Iterator[Finding]:
    """A finding for each address that two of them claim, today's or a former one."""
    public = [source for source in sources if source.is_public]
    yield from _of_addresses(public)
    yield from _of_aliases(public)


def _of_addresses(public: Iterable[Source]) -> Iterator[Finding]:
    seen: dict[str, Source] = {}
    for source in public:
        other = seen.setdefault(source.content.save_as, source)
        if other is not source:
            words = f"{other.file} stands at {_path(source)}/ too: give one another `Slug:`"
            yield source.of_key(_said_by(source), words)


def _said_by(source: Source) -> str:
    """The key of the head that decides on the address."""
    said = source.content.metadata
    return next((key for key in ("save_as", "permalink", "slug") if key in said), "title")


def _of_aliases(public: Sequence[Source]) -> Iterator[Finding]:
    today = {_path(source): source for source in public}
    seen: dict[str, Source] = {}
    for source in public:
        for alias in getattr(source.content, "aliases", ()):
            other = seen.setdefault(plain(alias), source)
            if other is not source:
                yield source.of_key("aliases", f"{other.file} has the former address {alias} too")
            elif (holder := today.get(plain(alias))) is not None:
                where = "it stands" if holder is source else f"{holder.file} stands"
                yield source.of_key("aliases", f"{where} at {alias} today: take that out")


def _path(source: Source) -> str:
    return plain(f"/{source.content.url.lstrip('/')}")
