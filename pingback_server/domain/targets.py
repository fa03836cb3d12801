"""What a ping's target means: the post it is found to be, however its address is written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import zip_longest
from urllib.parse import unquote, urlsplit

from .addresses import OwnAddresses, Place, place_of
from .errors import FetchRefused, NotATarget, UnknownTarget
from .former import plain
from .posts import Manifest, Post
from .web_addresses import read_web_address

_COMMENT = re.compile("comment-([1-9][0-9]{0,8})")
_TOKEN_LENGTH = 16
# A field in the form of an address, as Pelican's settings have it.
_FIELD = re.compile(r"\{([^}]*)\}")


@lru_cache(maxsize=1)
def _addresses_of(blog: Manifest) -> OwnAddresses:
    """Where the posts of a blog are found: made once for each time that it is published."""
    return OwnAddresses(blog.blog.url, blog.posts.values())


class Targets:
    """The addresses to which others may link, of the blog as it was last published.

    `is_there` says whether a page is published at a path below the blog's own.
    """

    def __init__(self, blog: Manifest, is_there: Callable[[str], bool]) -> None:
        self._blog = blog
        self._is_there = is_there
        self._home = place_of(blog.blog.url)
        self._addresses = _addresses_of(blog)

    def post_at(self, target: str) -> Post:
        """The post at the absolute address `target`; its fragment and query make no difference.

        NotATarget if it leads elsewhere, to a page that is no post, or to what may be a post that
        is not public yet; UnknownTarget only if nothing is there nor could soon be (Pingback §3).
        """
        try:
            read_web_address(target)
        except FetchRefused as refusal:
            raise NotATarget("the target is no address on the web") from refusal
        if not self.is_ours(target):
            raise NotATarget("the target is not on this blog")
        found = self.own_post_at(target)
        if found is not None:
            return found
        if self._addresses.post_at(target) is None and not self._may_be_there(
            urlsplit(target).path
        ):
            raise UnknownTarget("there is nothing at the target")
        raise NotATarget("the target is no published post")

    def post_named(self, name: str) -> Post:
        """The post to whose Trackback address `name` belongs, or its number; NotATarget."""
        for post in self._blog.posts.values():
            if post.kind == "post" and name == trackback_name(post):
                return post
        raise NotATarget("no published post has that name")

    def is_ours(self, address: str) -> bool:
        """Whether `address` is on the host, and at the port, of this blog."""
        place, home = place_of(address), self._home
        return place is not None and home is not None and _site(place) == _site(home)

    def own_post_at(self, address: str) -> Post | None:
        """The published post to which `address` leads; None if to none."""
        found = self._addresses.post_at(address)
        post = None if found is None else self._blog.posts[found]
        return post if post is not None and post.kind == "post" else None

    def _may_be_there(self, path: str) -> bool:
        """Whether a page is at `path`, or a draft could be: its address must not be found out."""
        below = unquote(path).removeprefix(self._blog.blog.path)
        return self._is_there(below) or could_be_a_post(below, self._blog.address_forms)


def _site(place: Place) -> tuple[str, int | None]:
    return place.host, place.port


def could_be_a_post(path: str, forms: Sequence[str]) -> bool:
    """Whether an address of one of these `forms`, such as `{date:%Y}/{slug}/`, may be `path`.

    Any may where no form is known.
    """
    plain_path = plain(path)
    return not forms or any(re.fullmatch(_pattern(form), plain_path) for form in forms)


def _pattern(form: str) -> str:
    pieces = _FIELD.split(plain(form.partition("?")[0]))
    fields = ["[0-9]+" if "%" in field else "[^/]+" for field in pieces[1::2]]
    return "".join(
        piece
        for fixed, field in zip_longest(map(re.escape, pieces[::2]), fields, fillvalue="")
        for piece in (fixed, field)
    )


def comment_in(target: str) -> int | None:
    """The number of the comment at which a target points by its fragment, `#comment-12`."""
    found = _COMMENT.fullmatch(urlsplit(target).fragment)
    return int(found[1]) if found else None


def trackback_path(post: Post) -> str:
    """Where Trackbacks for `post` are sent, below the blog's own path; it stays for good."""
    return f"/-/trackback/{trackback_name(post)}"


def trackback_name(post: Post) -> str:
    """The last part of that address: the post's number, else what is made of its id."""
    if post.number is not None:
        return str(post.number)
    return "t" + hashlib.sha256(post.id.encode()).hexdigest()[:_TOKEN_LENGTH]
