"""The feeds of the conversation: one for each post's comments, one for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from feedgen.feed import FeedGenerator

from pingback_server.domain.discussion import Comment
from pingback_server.domain.form import without_controls
from pingback_server.domain.posts import Blog, Manifest, Post
from pingback_server.languages import Words

ALL_COMMENTS = "feeds/comments.atom.xml"
_MOST_OF_ALL = 50
# A feed has to say when it changed, and before the first comment nothing did.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

Said = tuple[Post, Comment]


def feed_path(post: Post) -> str:
    """Where the feed of a post's comments stands, below the blog's root."""
    return post.path.removesuffix(".html").strip("/") + "/comments.atom.xml"


def comment_feeds(
    manifest: Manifest,
    comments: Mapping[str, tuple[Comment, ...]],
    words: Callable[[str], Words],
) -> Iterator[tuple[str, bytes]]:
    """Each feed's path below the blog's root and its bytes: Atom (RFC 4287), newest first."""
    blog = manifest.blog
    every: list[Said] = []
    for post in manifest.posts.values():
        said = [(post, comment) for comment in comments.get(post.id, ())]
        every += said
        t = words(post.language)
        title = t("Comments on: %(title)s", title=post.title)
        yield feed_path(post), _atom(blog, title, post.path, feed_path(post), _newest(said), t)
    t = words(blog.language)
    title = t("Comments on: %(title)s", title=blog.name)
    newest = _newest(every)[:_MOST_OF_ALL]
    yield ALL_COMMENTS, _atom(blog, title, "/", ALL_COMMENTS, newest, t)


def _newest(said: list[Said]) -> list[Said]:
    return sorted(said, key=lambda item: (item[1].at, item[1].id), reverse=True)


def _atom(blog: Blog, title: str, path: str, own_path: str, said: list[Said], t: Words) -> bytes:
    feed = FeedGenerator()
    feed.id(f"{blog.url}/{own_path}")
    feed.title(without_controls(title))
    feed.language(t.lang)
    feed.generator("Permalien")
    feed.link(href=f"{blog.url}{path}", rel="alternate", type="text/html")
    feed.link(href=f"{blog.url}/{own_path}", rel="self", type="application/atom+xml")
    feed.updated(said[0][1].at if said else _NEVER)
    for post, comment in said:
        address = f"{blog.url}{post.path}#comment-{comment.id}"
        entry = feed.add_entry(order="append")
        entry.id(address)
        title = t("%(name)s on “%(title)s”", name=comment.author, title=post.title)
        entry.title(without_controls(title))
        entry.link(href=address)
        author = {"name": without_controls(comment.author)}
        home = f"{blog.url}/" if comment.is_by_author else comment.url
        entry.author({**author, "uri": home} if home else author)
        entry.published(comment.at)
        entry.updated(comment.at)
        entry.content(without_controls(comment.html), type="html")
    atom: bytes = feed.atom_str(pretty=True)
    return atom
