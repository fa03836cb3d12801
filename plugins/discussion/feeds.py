"""The feeds of the conversation: one for each post's comments and pings, one for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape

from pingback_server.domain.discussion import Comment, Item, Ping
from pingback_server.domain.markup import plain_text
from pingback_server.domain.posts import Blog, Manifest, Post
from pingback_server.languages import Words
from pingback_server.protocols import feed as feeds
from pingback_server.protocols.feed import Answered, Feed, Hint, Person, lasting_id
from pingback_server.protocols.links import with_absolute_links
from pingback_server.protocols.syndication import write_atom

ALL_COMMENTS = "feeds/comments.atom.xml"
_MOST_OF_ALL = 50
_WORDS = 40

Said = tuple[Post, Item]


def feed_path(post: Post) -> str:
    """Where the feed of a post's comments stands, below the blog's root."""
    return f"{post.folder}comments.atom.xml".lstrip("/")


def comment_feeds(
    manifest: Manifest,
    said: Mapping[str, tuple[Item, ...]],
    words: Callable[[str], Words],
) -> Iterator[tuple[str, bytes]]:
    """Each feed's path below the blog's root and its bytes: Atom (RFC 4287), newest first."""
    blog = manifest.blog
    every: list[Said] = []
    for post in manifest.posts.values():
        if post.kind == "post":
            here = [(post, item) for item in said.get(post.id, ())]
            every += here
            t = words(post.language)
            title = t("Comments on: %(title)s", title=post.title)
            yield feed_path(post), _atom(blog, title, post.path, feed_path(post), _newest(here), t)
    t = words(blog.language)
    title = t("Comments on: %(title)s", title=blog.name)
    newest = _newest(every)[:_MOST_OF_ALL]
    yield ALL_COMMENTS, _atom(blog, title, "/", ALL_COMMENTS, newest, t)


def _newest(said: list[Said]) -> list[Said]:
    return sorted(said, key=lambda one: (one[1].at, one[1].id or 0, one[1].anchor), reverse=True)


def _atom(blog: Blog, title: str, path: str, own_path: str, said: list[Said], t: Words) -> bytes:
    hint = t(
        "This is a feed: give its address to a feed reader, and what is new here comes to you by "
        "itself. The pages themselves are at"
    )
    return write_atom(
        Feed(
            title=title,
            address=f"{blog.url}/{own_path}",
            home=f"{blog.url}{path}",
            language=t.lang,
            author=Person(blog.author, f"{blog.url}/"),
            hint=Hint(hint, f"{blog.path}/theme/feed.css"),
            items=tuple(_entry(blog, post, item, t) for post, item in said),
        )
    )


def _entry(blog: Blog, post: Post, item: Item, t: Words) -> feeds.Item:
    """What the feed says of a comment or ping, and of what it answers (RFC 4685)."""
    page = f"{blog.url}{post.path}"
    address = f"{blog.url}{post.address_of(item.anchor)}"
    parent = item.parent if isinstance(item, Comment) else None
    answered = f"comment-{parent}" if parent is not None else f"post/{post.id}"
    title, html, person = _remark(blog, post, item, t)
    return feeds.Item(
        # A ping from this blog's own page has its anchor under each post that it speaks of.
        id=lasting_id(blog.url, item.anchor if item.id is not None else f"{post.id}#{item.anchor}"),
        address=address,
        title=title,
        html=with_absolute_links(html, page),
        published=item.at,
        updated=(item.edited_at if isinstance(item, Comment) else None) or item.at,
        read_on=t("Read it in its place"),
        authors=(person,),
        summary=_first_words(html),
        language=post.language,
        answers=Answered(
            lasting_id(blog.url, answered),
            f"{blog.url}{post.address_of(answered)}" if parent is not None else page,
        ),
    )


def _remark(blog: Blog, post: Post, item: Item, t: Words) -> tuple[str, str, Person]:
    """Title, text and author of what was said."""
    if isinstance(item, Ping):
        link = f'<a href="{escape(item.source)}">{escape(item.title)}</a>'
        return t("Ping: %(title)s", title=item.title), f"<p>{link}</p>", Person(item.title)
    title = t("%(name)s on “%(title)s”", name=item.author, title=post.title)
    home = f"{blog.url}/" if item.is_by_author else item.url
    return title, str(item.html), Person(item.author, home)


def _first_words(html: str) -> str:
    words = plain_text(html).split()
    return " ".join(words[:_WORDS]) + (" …" if len(words) > _WORDS else "")
