"""What a post's own metadata says of its discussion: `Id:`, `Comments:`, `Closes:`."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from pelican.contents import Article

from pingback_server.domain.closing import closing_instant
from pingback_server.domain.errors import BuildFailed
from pingback_server.domain.posts import Post
from pingback_server.domain.settings import DiscussionSettings


def post_id(article: Article) -> str:
    """The post's stable id: `Id:` in its metadata, else its path below content/."""
    return str(article.metadata.get("id") or article.relative_source_path)


def read_post(article: Article, settings: DiscussionSettings, zone: ZoneInfo) -> Post:
    """The post as the service has to know it; BuildFailed names the line of bad metadata."""
    address = "/" + article.url.removesuffix("index.html").lstrip("/")
    return Post(
        id=post_id(article),
        path=address,
        title=str(article.metadata["title"]),
        language=article.lang,
        file=article.save_as,
        comments=_takes_comments(article, settings),
        closes_at=closing_instant(
            article.date.astimezone(zone).date(),
            zone=zone,
            days=settings.close_after_days,
            closes_on=_closes_on(article),
        ),
    )


def _takes_comments(article: Article, settings: DiscussionSettings) -> bool:
    said = str(article.metadata.get("comments", "open" if settings.comments else "closed"))
    if said.lower() not in {"open", "closed"}:
        raise wrong(article, "comments", f"has to be `open` or `closed`, not {said!r}")
    return said.lower() == "open"


def _closes_on(article: Article) -> date | None:
    said = article.metadata.get("closes")
    if said is None:
        return None
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        rule = f"has to be a day such as 2027-01-31, not {said!r}"
        raise wrong(article, "closes", rule) from None


def wrong(article: Article, key: str, rule: str) -> BuildFailed:
    """A refusal that names the line of the metadata `key`, and the `rule` that it breaks."""
    with open(str(article.source_path), encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if line.lower().startswith(f"{key}:"):
                return BuildFailed(f"{key.title()}: {rule}", article.source_path, number)
    return BuildFailed(f"{key.title()}: {rule}", article.source_path)
