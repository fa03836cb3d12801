"""What an address means where it is no file's: a post by its number, a former address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import current_app

from ..domain.former import by_number, former_addresses, plain
from ..domain.posts import Manifest, Post
from .service import service

_NUMBER = re.compile("[1-9][0-9]{0,8}")
_COMMENT_PAGE = re.compile("(.+)/comment-page-[1-9][0-9]{0,8}/?")
_DIRECTORY = "permalien.directory"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is asked for: the page at `path`, or none, or what has `moved_to` another address."""

    path: str | None
    moved_to: str | None = None


class Directory:
    """What the addresses of the posts in one manifest mean; all count from the blog's root."""

    def __init__(self, manifest: Manifest) -> None:
        posts = manifest.posts.values()
        self.manifest = manifest
        self._moved = {
            address: post.path
            for post in posts
            for address in former_addresses(post.path, post.aliases, post.number, post.file)
        }
        self._by_path = {post.path: post for post in posts}
        self._by_file = {post.file: post for post in posts}
        self._files = {post.path: post.file for post in posts if "?" in post.path}

    def look_up(self, path: str, number: str) -> Meaning:
        """What `path` means, asked for with `?p=number` if that is not empty."""
        asked = f"/{path}?p={number}"
        if asked in self._moved:
            return Meaning(path, self._moved[asked])
        if asked in self._files:
            return Meaning(self._files[asked])
        if asked == by_number(number) and _NUMBER.fullmatch(number):
            return Meaning(None)
        return Meaning(path, self._moved.get(plain(f"/{path}")))

    def post_at(self, path: str) -> Post | None:
        """The post or page that stands at exactly that address."""
        return self._by_path.get(path)

    def post_in(self, file: str) -> Post | None:
        """The post or page that is that file, or to whose discussion that further page belongs."""
        return self._by_file.get(file) or self.post_of_page(file.removesuffix("index.html"))

    def post_of_page(self, path: str) -> Post | None:
        """The post of whose discussion `path` may be, or have been, a further page."""
        found = _COMMENT_PAGE.fullmatch(path)
        if found is None:
            return None
        return self._by_file.get(f"{found[1]}/index.html") or self._by_file.get(f"{found[1]}.html")


def directory() -> Directory:
    """The directory of the blog as it is live now; made anew when a build has replaced it."""
    manifest = service().blog()
    known: Directory | None = current_app.extensions.get(_DIRECTORY)
    if known is None or known.manifest is not manifest:
        known = current_app.extensions[_DIRECTORY] = Directory(manifest)
    return known
