"""A post and its conversation in the words of schema.org: BlogPosting and Comment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pingback_server.domain.discussion import Comment, Item, Ping
from pingback_server.domain.form import without_controls
from pingback_server.domain.markup import plain_text
from pingback_server.domain.posts import Blog

from .facts import Facts

_CONTEXT = "https://schema.org"


def blog_of(blog: Blog) -> dict[str, Any]:
    """The blog itself, as its front page says it."""
    return {
        "@context": _CONTEXT,
        "@type": "Blog",
        "@id": f"{blog.url}/",
        "url": f"{blog.url}/",
        "name": blog.name,
        **({"description": blog.description} if blog.description else {}),
        "inLanguage": blog.language,
        "author": _person(blog.author, f"{blog.url}/"),
    }


def posting_of(
    article: Any, blog: Blog, facts: Facts, *, items: Iterable[Item], count: int
) -> dict[str, Any]:
    """The post with the comments that stand in its page, of `count` comments and pings in all."""
    address = f"{blog.url}/{article.url}"
    items = [item for item in items if item.is_counted]
    comments = [item for item in items if isinstance(item, Comment)]
    values = {
        "@context": _CONTEXT,
        "@type": "BlogPosting",
        "mainEntityOfPage": {"@type": "WebPage", "@id": address},
        "url": address,
        "headline": without_controls(article.title),
        "description": facts.description,
        "inLanguage": article.lang,
        "datePublished": _time(article.date),
        "dateModified": _time(max(article.date, getattr(article, "modified", article.date))),
        "author": _authors(article, blog),
        "publisher": {"@type": "Organization", "name": blog.name, "url": f"{blog.url}/"},
        "isPartOf": {"@type": "Blog", "@id": f"{blog.url}/", "name": blog.name},
        "articleSection": article.category.name,
        "keywords": [tag.name for tag in getattr(article, "tags", ())],
        "image": [facts.image] if facts.image else [],
        "commentCount": count,
        "discussionUrl": f"{address}#comments",
        "comment": [_comment(item, address, blog) for item in comments],
        # The pages that speak of this one: what the ping lines are.
        "subjectOf": [
            {"@type": "WebPage", "name": without_controls(item.title), "url": item.source}
            for item in items
            if isinstance(item, Ping)
        ],
    }
    return {key: value for key, value in values.items() if value not in ("", [])}


def _authors(article: Any, blog: Blog) -> list[dict[str, str]]:
    authors = getattr(article, "authors", ())
    named = [_person(author.name, f"{blog.url}/{author.url}") for author in authors]
    return named or [_person(blog.author, f"{blog.url}/")]


def _comment(comment: Comment, address: str, blog: Blog) -> dict[str, Any]:
    at = _time(comment.at)
    own = f"{address}#{comment.anchor}"
    values = {
        "@type": "Comment",
        "@id": own,
        "url": own,
        "author": _person(comment.author, f"{blog.url}/" if comment.is_by_author else comment.url),
        "dateCreated": at,
        "datePublished": at,
        "text": without_controls(plain_text(comment.html)),
    }
    if comment.parent is not None:
        parent = f"{address}#comment-{comment.parent}"
        values["parentItem"] = {"@type": "Comment", "@id": parent}
    return values


def _person(name: str, url: str) -> dict[str, str]:
    person = {"@type": "Person", "name": without_controls(name)}
    return {**person, "url": url} if url else person


def _time(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat()
