"""What the heads of posts say: ids, slugs, languages, translations, tags, keys, times."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pelican.contents import Article

from pingback_server import languages
from pingback_server.domain.findings import Finding

from .sources import Source

_KEYS = {
    *("title", "date", "modified", "category", "tags", "summary", "lang", "slug", "id", "number"),
    *("aliases", "status", "preview", "comments", "pings", "closes", "author", "authors"),
    *("template", "url", "save_as", "translation", "subtitle", "keywords", "description"),
    # Pelican's own
    *("reader", "path", "save-as", "translations"),
}
_FORGOTTEN_AFTER = timedelta(days=90)


def of_heads(sources: Sequence[Source], settings: dict[str, Any]) -> Iterator[Finding]:
    """Everything that is found in heads, each at its line."""
    posts = [source for source in sources if isinstance(source.content, Article)]
    yield from _ids(posts)
    yield from _slugs(sources)
    yield from _translations(sources, settings)
    yield from _tags(posts)
    for source in sources:
        yield from _keys(source)
        yield from _language(source)
        yield from _waiting(source)


def _ids(posts: Iterable[Source]) -> Iterator[Finding]:
    seen: dict[str, Source] = {}
    for source in posts:
        name = str(source.content.metadata.get("id", ""))
        if not name:
            proposed = f"{source.content.date:%Y-%m-%d}-{source.content.slug}"
            rule = "its discussion would be lost if the file moved"
            yield source.of_key("title", f"it has no `Id:`, and {rule}: add `Id: {proposed}`")
        elif (other := seen.setdefault(name, source)) is not source:
            yield source.of_key("id", f"{other.file} has the `Id:` {name} too; each needs its own")


def _slugs(sources: Iterable[Source]) -> Iterator[Finding]:
    seen: dict[tuple[type, str, str], Source] = {}
    for source in sources:
        one = source.content
        other = seen.setdefault((type(one), one.slug, one.lang), source)
        if other is not source:
            words = f"{other.file} has the slug {one.slug} in the same language: choose another"
            yield source.of_key("slug", words)


def _translations(sources: Iterable[Source], settings: dict[str, Any]) -> Iterator[Finding]:
    """`rss.md` and `rss.en.md` look like translations of one another."""
    by_file = {Path(source.file): source for source in sources}
    for file, source in by_file.items():
        stem, _, ending = file.stem.rpartition(".")
        pair = by_file.get(file.with_name(f"{stem}{file.suffix}")) if stem else None
        if (
            pair is None
            or ending != source.content.lang
            or source.content.slug == pair.content.slug
        ):
            continue
        rule = f"to be its translation, it needs `Slug: {pair.content.slug}`"
        yield source.of_key("slug", f"it is named like a translation of {pair.file}; {rule}")


def _tags(posts: Iterable[Source]) -> Iterator[Finding]:
    """A word may be a tag in two languages, with accents in one of them."""
    names: dict[tuple[str, str], str] = {}
    for source in posts:
        for tag in getattr(source.content, "tags", ()):
            first = names.setdefault((source.content.lang, _bare(tag.name)), tag.name)
            if first != tag.name:
                yield source.of_key("tags", f"the tag {tag.name!r} is {first!r} elsewhere")


def _bare(name: str) -> str:
    """A name without accents and capitals."""
    split = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def _keys(source: Source) -> Iterator[Finding]:
    for key in source.content.metadata.keys() - _KEYS:
        near = get_close_matches(key, _KEYS, n=1, cutoff=0.8)
        if near:
            name = near[0].capitalize()
            yield source.of_key(key, f"`{key}` means nothing here: did you mean `{name}`?")


def _language(source: Source) -> Iterator[Finding]:
    known = {"en", *languages.languages()}
    if source.content.lang.split("-")[0] not in known:
        rule = f"there are no words for it (known: {', '.join(sorted(known))})"
        yield source.of_key("lang", f"the language {source.content.lang!r}: {rule}")


def _waiting(source: Source) -> Iterator[Finding]:
    post = source.content
    if source.is_public:
        return
    if post.metadata.get("status") != "draft":
        yield source.of_key("date", f"it appears on {post.date:%Y-%m-%d %H:%M}", is_wrong=False)
        return
    touched = datetime.fromtimestamp(Path(source.file).stat().st_mtime, UTC)
    if datetime.now(UTC) - touched > _FORGOTTEN_AFTER:
        words = f"a draft that was not touched since {touched:%Y-%m-%d}: forgotten?"
        yield source.of_key("status", words, is_wrong=False)
