"""What a feed says of a post: its whole text with addresses that work everywhere."""

from __future__ import annotations

from typing import Any

from pingback_server.domain.markup import plain_text
from pingback_server.domain.posts import Blog
from pingback_server.protocols.feed import Feed, Hint, Item, Person, Replies, lasting_id
from pingback_server.protocols.links import with_absolute_links

STYLE = "/theme/feed.css"


def feed_of(articles: list[Any], context: dict[str, Any], *, path: str, title: str | None) -> Feed:
    """The feed at `path` of `articles`; `title` says of which part of the blog it is."""
    blog: Blog = context["site"]
    t = context["words"](blog.language)
    return Feed(
        title=f"{title} | {blog.name}" if title else blog.name,
        address=f"{blog.url}/{path}",
        home=f"{blog.url}/",
        language=blog.language,
        author=Person(blog.author, f"{blog.url}/"),
        hint=Hint(
            t(
                "This is a feed: give its address to a feed reader, and what is new here comes to "
                "you by itself. The pages themselves are at"
            ),
            blog.path + STYLE,
        ),
        description=blog.description,
        items=tuple(_item(article, blog, context) for article in articles),
    )


def _item(article: Any, blog: Blog, context: dict[str, Any]) -> Item:
    talk = context["comments_on"](article)
    t = context["words"](article.lang)
    address = f"{blog.url}/{article.url}"
    count = talk.discussion.count
    return Item(
        id=lasting_id(blog.url, f"post/{_id_of(article)}"),
        address=address,
        title=article.title,
        html=with_absolute_links(article.get_content(blog.url), address),
        published=article.date,
        updated=max(getattr(article, "modified", article.date), article.date),
        read_on=t("Read on"),
        authors=tuple(
            Person(author.name, f"{blog.url}/{author.url}")
            for author in getattr(article, "authors", ())
        ),
        summary=plain_text(article.summary),
        categories=_categories(article),
        language=article.lang,
        replies=Replies(
            feed=blog.url + talk.feed,
            page=f"{address}#comments",
            count=count,
            changed_at=talk.changed_at,
        ),
    )


def _id_of(article: Any) -> str:
    """The id under which the post keeps its discussion, too."""
    return str(article.metadata.get("id") or article.relative_source_path)


def _categories(article: Any) -> tuple[str, ...]:
    """Category and tags, each once."""
    names = [article.category.name, *(tag.name for tag in getattr(article, "tags", ()))]
    return tuple(dict.fromkeys(names))
