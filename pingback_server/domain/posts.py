"""The blog as published: its posts, what each accepts and until when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Literal

from .settings import DiscussionSettings, read_discussion_settings

# A later Permalien adds fields with defaults, and reads the lists of this format as well.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the menu; `path` begins below the blog's own, or is a whole address.

    `language` is that of the title, empty where it is the blog's; `others` are the same page in
    other languages.
    """

    title: str
    path: str
    language: str = ""
    others: tuple[Link, ...] = ()

    def spoken(self, language: str) -> Link:
        """The link for a reader of `language`: to the page in it, if there is one."""
        return next((other for other in self.others if other.language == language), self)


@dataclass(frozen=True, slots=True)
class Blog:
    """The blog itself. Every template has it under the name `site`.

    `url` is SITEURL without a slash at its end and `path` its path (empty, or `/blog`): links are
    written from `path`, so that pages work under every name of the host. `theme` (the templates'
    folders, first one first) and `output` (the live pages) are paths from the blog's folder.
    `description` is SITESUBTITLE; `legal` and `contact` lead to the pages that are these, where
    there are any; `languages` are those in which posts are written, the blog's own first;
    `embeds` are the hosts whose frames and pictures a post may show; `content` is the folder of the
    posts' files, from the blog's, and `is_numbered` says that every post needs a number.
    """

    name: str
    url: str
    path: str
    author: str
    language: str
    timezone: str
    theme: tuple[str, ...]
    output: str
    menu: tuple[Link, ...] = ()
    description: str = ""
    legal: Link | None = None
    contact: Link | None = None
    languages: tuple[str, ...] = ()
    embeds: tuple[str, ...] = ()
    content: str = "content"
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """A published post or page as the service knows it.

    `id` is stable (`Id:` in its metadata, else its source path); `path` is its address below
    the blog's own path, beginning with a slash, and `file` the page itself, below the output
    folder; `closes_at` and `pings_close_at` are the instants at which it takes no more comments and
    pings, None if never. `number` is the one in `/?p=N`, `author` the name of its first author,
    `aliases` are its former paths; a page is of another kind and has no discussion; a `contact` has
    a form that writes to the author. `published_at` is the date of a post, None of a page.
    `pages` are the anchors on each page of a long discussion, none for the page at `path` itself.
    """

    id: str
    path: str
    title: str
    language: str
    comments: bool
    closes_at: datetime | None = None
    pings: bool = False
    pings_close_at: datetime | None = None
    file: str = ""
    number: int | None = None
    author: str = ""
    aliases: tuple[str, ...] = ()
    kind: Literal["post", "page", "contact"] = "post"
    published_at: datetime | None = None
    pages: tuple[tuple[str, ...], ...] = ()

    def address_of(self, anchor: str) -> str:
        """Where what has this anchor, such as `comment-12`, stands, from the blog's own path."""
        for number, anchors in enumerate(self.pages, start=1):
            if anchor in anchors:
                return f"/{self.folder_of_page(number)}#{anchor}"
        return f"{self.path}#{anchor}"

    def folder_of_page(self, number: int) -> str:
        """The folder of a further page of the discussion, below the output folder."""
        return f"{self.folder}comment-page-{number}/"

    @property
    def folder(self) -> str:
        """Where what belongs to the page alone lies, below the output folder.

        For `notes/first.html` that is `notes/first/`, for `notes/first/index.html` too.
        """
        folder = self.file.removesuffix("index.html")
        return f"{PurePosixPath(folder).with_suffix('')}/" if folder == self.file else folder


@dataclass(frozen=True, slots=True, eq=False)
class Manifest:
    """What the last build published, at the instant `built_at`.

    `scheduled` are the posts that are not public yet, with the instant at which each will be;
    `orphans` the ids of posts that are gone while something was said of them, each with the id of
    the post that it may be now, where one is likely; `left` the addresses at which posts stood and
    that lead nowhere now, each with the post's id. `address_forms` are those of the posts'
    addresses, as Pelican writes them; `linked_hosts` the other hosts to which posts link.
    """

    blog: Blog
    discussion: DiscussionSettings
    posts: Mapping[str, Post]
    built_at: datetime
    scheduled: Mapping[str, datetime] = field(default_factory=dict)
    orphans: Mapping[str, str | None] = field(default_factory=dict)
    left: Mapping[str, str] = field(default_factory=dict)
    address_forms: tuple[str, ...] = ()
    linked_hosts: tuple[str, ...] = ()


def write_manifest(manifest: Manifest) -> str:
    """The manifest as JSON text, in a stable order."""
    values = {
        "format": FORMAT,
        "blog": asdict(manifest.blog),
        "discussion": asdict(manifest.discussion),
        "posts": [asdict(manifest.posts[key]) for key in sorted(manifest.posts)],
        "built_at": manifest.built_at,
        "scheduled": dict(sorted(manifest.scheduled.items())),
        "orphans": dict(sorted(manifest.orphans.items())),
        "left": dict(sorted(manifest.left.items())),
        "address_forms": manifest.address_forms,
        "linked_hosts": manifest.linked_hosts,
    }
    return json.dumps(values, ensure_ascii=False, indent=1, default=datetime.isoformat) + "\n"


def read_manifest(text: str) -> Manifest:
    """The manifest from its JSON text; ValueError if it is not one of this version's."""
    values = json.loads(text)
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise ValueError(f"not a list of posts in format {FORMAT}")
    posts = [_post(value) for value in values["posts"]]
    return Manifest(
        blog=_blog(values["blog"]),
        discussion=read_discussion_settings(values["discussion"]),
        posts={post.id: post for post in posts},
        built_at=datetime.fromisoformat(values["built_at"]),
        scheduled={
            key: datetime.fromisoformat(value) for key, value in values["scheduled"].items()
        },
        orphans=values.get("orphans", {}),
        left=values.get("left", {}),
        address_forms=tuple(values.get("address_forms", ())),
        linked_hosts=tuple(values.get("linked_hosts", ())),
    )


def _blog(value: dict[str, Any]) -> Blog:
    links = {key: _link(value[key]) for key in ("legal", "contact") if value.get(key)}
    menu = tuple(map(_link, value["menu"]))
    lists = {key: tuple(value.get(key, ())) for key in ("theme", "languages", "embeds")}
    return Blog(**{**value, **lists, **links, "menu": menu})


def _link(value: dict[str, Any]) -> Link:
    return Link(**{**value, "others": tuple(map(_link, value.get("others", ())))})


def _post(value: dict[str, Any]) -> Post:
    instants = {
        key: datetime.fromisoformat(value[key])
        for key in ("closes_at", "pings_close_at", "published_at")
        if value.get(key)
    }
    lists = {"aliases": tuple(value.get("aliases", ()))}
    pages = tuple(map(tuple, value.get("pages", ())))
    return Post(**{**value, **instants, **lists, "pages": pages})
