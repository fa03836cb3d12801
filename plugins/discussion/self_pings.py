"""Own posts that link to own posts stand below these as pings: found in a build, not by asking."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC
from html import unescape
from urllib.parse import urljoin

from pelican.contents import Article

from pingback_server.domain.addresses import OwnAddresses, place_of
from pingback_server.domain.closing import is_open
from pingback_server.domain.discussion import Gone, Item, Kind, Ping, folded
from pingback_server.domain.posts import Blog, Post

_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_LINK = re.compile(
    r"""<a\s(?:[^>"']|"[^"]*"|'[^']*')*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""",
    re.IGNORECASE,
)


class SelfPings:
    """The pings that the posts of a blog send one another.

    `articles` are those that may speak, by id: a post that is in no list is in no other post
    either. They are read when they are first asked for: by then every plugin has had its hand on
    the texts. `title_of` says the title of an article's page.
    """

    def __init__(
        self,
        blog: Blog,
        posts: Mapping[str, Post],
        articles: Mapping[str, Article],
        *,
        title_of: Callable[[Article], str],
    ) -> None:
        self._blog = blog
        self._title_of = title_of
        self._posts = posts
        self._articles = articles
        self._addresses = OwnAddresses(blog.url, posts.values())
        self._found: dict[str, list[Ping]] | None = None

    def added_to(self, said: tuple[Item, ...], post: Post) -> tuple[Item, ...]:
        """What was `said` about `post`, and the pings of own posts that are not among it."""
        if self._found is None:
            self._found = self._find()
        sources = (item.source for item in said if not isinstance(item, Gone))
        known = {self._addresses.post_at(source) for source in sources if source}
        return *said, *(ping for ping in self._found.get(post.id, ()) if ping.page not in known)

    def linked_hosts(self) -> tuple[str, ...]:
        """The other hosts to which the posts link, in a stable order."""
        places = (
            place_of(urljoin(self._blog.url, link))
            for article in self._articles.values()
            for link in links_in(article.get_content(self._blog.url))
        )
        home = place_of(self._blog.url)
        hosts = {place.host for place in places if place is not None}
        return tuple(sorted(hosts - {home.host if home else ""}))

    def _find(self) -> dict[str, list[Ping]]:
        found: dict[str, list[Ping]] = {}
        for source in self._articles:
            for target in self._linked_from(source):
                ping = self._ping(source)
                if self._posts[target].pings and is_open(
                    self._posts[target].pings_close_at, ping.at
                ):
                    found.setdefault(target, []).append(ping)
        return found

    def _linked_from(self, source: str) -> Iterable[str]:
        """The other posts to which the text of `source` links, each once."""
        text = self._articles[source].get_content(self._blog.url)
        path = self._posts[source].path
        targets = dict.fromkeys(self._addresses.post_at(href, path) for href in links_in(text))
        return [target for target in targets if target is not None and target != source]

    def _ping(self, source: str) -> Ping:
        post = self._posts[source]
        return Ping(
            id=None,
            # The kind by which WordPress keeps its own, and our imports with it.
            kind=Kind.PINGBACK,
            title=folded(self._title_of(self._articles[source])),
            source=self._blog.url + post.path,
            at=self._articles[source].date.astimezone(UTC),
            page=source,
        )


def links_in(html: str) -> Iterator[str]:
    """Where the links of a text lead, as they are written; `html` is what Pelican has rendered."""
    for link in _LINK.finditer(_COMMENT.sub("", html)):
        yield unescape(next(value for value in link.groups() if value is not None)).strip()
