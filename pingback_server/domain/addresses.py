"""How addresses compare: which of them lead to the same page, and which to a post of this blog."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

from .former import by_number, former_addresses, plain
from .posts import Post

_PORTS = {"http": 80, "https": 443}
_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")
_NUMBER = re.compile("[0-9]{1,9}")
# What is added to links to follow their readers, and says nothing of the page.
_TRACKS = re.compile(
    "(utm_[a-z_]+|fbclid|gclid|dclid|msclkid|yclid|twclid|igshid|mc_[ce]id|_hsenc|_hsmi)(=|$)",
    re.IGNORECASE,
)
_COMMENT_PAGE = re.compile("/comment-page-[1-9][0-9]*$")


@dataclass(frozen=True, slots=True)
class Place:
    """A page on the web, without what makes no difference in its address."""

    host: str
    port: int | None
    path: str
    query: str


def place_of(address: str) -> Place | None:
    """The page at an absolute http(s) `address`; None if it is none.

    The scheme, `www.`, a slash or `index.html` at the end, the fragment and the way in which a
    letter is quoted make no difference, and every name of this very machine is one.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    return Place(
        host=_host(parts.hostname),
        port=None if port in _PORTS.values() else port,
        path=_path(parts.path),
        query=parts.query,
    )


def page_key(address: str) -> str:
    """One text for all addresses of one page, as far as addresses tell; ValueError if it is none.

    Beyond what `place_of` passes over, that is what advertisers and social networks add to a query.
    """
    place = place_of(address)
    if place is None:
        raise ValueError(f"{address!r} is no address on the web")
    port = "" if place.port is None else f":{place.port}"
    query = "&".join(part for part in place.query.split("&") if part and not _TRACKS.match(part))
    return f"{place.host}{port}{quote(place.path)}" + (f"?{query}" if query else "")


def same_page(one: str, other: str) -> bool:
    """Whether two absolute addresses lead to the same page, as far as the addresses tell."""
    place = place_of(one)
    return place is not None and place == place_of(other)


def _path(quoted: str) -> str:
    """A path in one form, however its letters were quoted or composed."""
    letters = unquote(quoted, errors="backslashreplace")  # what is no UTF-8 is told apart, too
    return plain(unicodedata.normalize("NFC", letters))


def _host(name: str) -> str:
    host = name.rstrip(".").removeprefix("www.")
    if _LOOPBACK.fullmatch(host):
        return "localhost"
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


class OwnAddresses:
    """The addresses under which the `posts` of the blog at `blog_url` are found, former ones too.

    `blog_url` is SITEURL without a slash at its end.
    """

    def __init__(self, blog_url: str, posts: Iterable[Post]) -> None:
        self._url = blog_url
        self._home = place_of(blog_url)
        self._posts: dict[str, str] = {}
        for post in posts:
            self._posts.setdefault(_key(post.path), post.id)
        for post in posts:
            for path in former_addresses(post.path, post.aliases, post.number, post.file):
                self._posts.setdefault(_key(path), post.id)

    def post_at(self, href: str, path: str = "/") -> str | None:
        """The id of the post to which `href` leads from the page at `path`; None if to none.

        The further pages of a post's discussion are the post's.
        """
        try:
            place = place_of(urljoin(self._url + path, href))
        except ValueError:
            return None
        home = self._home
        if place is None or home is None or (place.host, place.port) != (home.host, home.port):
            return None
        below = _below(place.path, home.path)
        if below is None:
            return None
        below = _COMMENT_PAGE.sub("", below) or "/"
        number = parse_qs(place.query).get("p", [""])[0]
        is_number = below == "/" and _NUMBER.fullmatch(number)
        return self._posts.get(by_number(int(number)) if is_number else below)


def _key(path: str) -> str:
    return path if "?" in path else _path(path)


def _below(path: str, home: str) -> str | None:
    """What of `path` comes after the blog's own, None if it does not begin with that."""
    if home == "/":
        return path
    return plain(path[len(home) :]) if f"{path}/".startswith(f"{home}/") else None
