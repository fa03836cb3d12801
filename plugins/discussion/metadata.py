"""What a post's own metadata says of its discussion: `Id:`, `Comments:`, `Pings:`, `Closes:`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from pelican.contents import Article, Content, Page

from pingback_server.domain.closing import closing_instant
from pingback_server.domain.errors import BuildFailed
from pingback_server.domain.heads import line_of
from pingback_server.domain.posts import Post
from pingback_server.domain.settings import DiscussionSettings

_NEVER = {"never", "jamais"}


def post_id(article: Content) -> str:
    """The post's stable id: `Id:` in its metadata, else its path below content/."""
    return str(article.metadata.get("id") or article.relative_source_path)


def is_scheduled(draft: Article) -> bool:
    """Whether one of Pelican's drafts is a post whose date has not come."""
    return draft.metadata.get("status") != "draft"


def read_post(article: Article, settings: DiscussionSettings, zone: ZoneInfo) -> Post:
    """The post as the service has to know it; BuildFailed names the line of bad metadata."""
    days, days_of_pings = settings.close_after_days, settings.close_pings_after_days
    address = "/" + article.url.removesuffix("index.html").lstrip("/")
    return Post(
        id=post_id(article),
        path=address,
        title=_title(article),
        language=article.lang,
        file=_file_when_public(article),
        published_at=article.date.astimezone(UTC),
        # What other plugins have read of the same metadata.
        number=getattr(article, "number", None),
        author=str(getattr(article, "author", "")),
        aliases=getattr(article, "aliases", ()),
        comments=_is_taken(article, "comments", settings.comments),
        closes_at=_closing(article, zone, days),
        pings=_is_taken(article, "pings", settings.pings),
        pings_close_at=_closing(article, zone, days if days_of_pings is None else days_of_pings),
    )


def read_page(page: Page) -> Post:
    """A page as the service has to know it: where it stands, and whether it takes messages."""
    return Post(
        id=post_id(page),
        path="/" + page.url.removesuffix("index.html").lstrip("/"),
        title=_title(page),
        language=page.lang,
        file=page.save_as,
        aliases=getattr(page, "aliases", ()),
        comments=False,
        kind="contact" if page.template == "contact" else "page",
    )


def _file_when_public(article: Article) -> str:
    """Where the page lies, or will: Pelican has another place for what is not public yet."""
    status = article.status
    if status == "draft":
        article.status = "published"
    file = article.save_as
    article.status = status
    return str(file)


def _title(content: Content) -> str:
    if title := str(content.metadata["title"]).strip():
        return title
    raise wrong(content, "title", "must not be empty: lists name the post or page by it")


def _is_taken(article: Article, what: str, unless_said: bool) -> bool:
    """Whether the post takes `what`, its comments or its pings."""
    said = str(article.metadata.get(what, "open" if unless_said else "closed"))
    if said.lower() not in {"open", "closed"}:
        raise wrong(article, what, f"has to be `open` or `closed`, not {said!r}")
    return said.lower() == "open"


def _closing(article: Article, zone: ZoneInfo, days: int) -> datetime | None:
    """The instant at which the post closes: what its `Closes:` says, else after so many days."""
    said = article.metadata.get("closes")
    if said is not None and str(said).lower() in _NEVER:
        return None
    try:
        closes_on = None if said is None else date.fromisoformat(str(said))
    except ValueError:
        rule = f"has to be a day such as 2027-01-31, or `never`, not {str(said)!r}"
        raise wrong(article, "closes", rule) from None
    posted_on = article.date.astimezone(zone).date()
    return closing_instant(posted_on, zone=zone, days=days, closes_on=closes_on)


def wrong(article: Content, key: str, rule: str) -> BuildFailed:
    """A refusal that names the line of the metadata `key`, and the `rule` that it breaks.

    It is the file's first line where there is no such metadata.
    """
    with open(str(article.source_path), encoding="utf-8-sig") as file:
        return BuildFailed(f"{key.title()}: {rule}", article.source_path, line_of(key, file))
