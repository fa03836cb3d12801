"""Has Pelican build a blog for nobody, and the plugin `inspection` look at what would be live."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..domain.errors import BadSetting, BuildFailed
from ..domain.findings import Finding
from ..domain.posts import Post, read_manifest
from .building import Order, build_with_pelican

REPORT = "PERMALIEN_INSPECTION"
"""The environment names by it, to the build, the file in which the findings are left."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What came of a look at a blog: `findings`, the build's own `warnings`, its `mistakes`.

    `posts` would be live, and `files` are their sources by their addresses. A build with mistakes
    did not end, and only what can be seen without its pages was found.
    """

    findings: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()
    mistakes: tuple[BuildFailed, ...] = ()
    posts: Mapping[str, Post] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


def inspect_with_pelican(
    order: Order, environment: Mapping[str, str], *, database_url: str
) -> Inspected:
    """A build of the blog in `order` beside its data, which is removed again, is looked at.

    It reads what was said from `database_url`, and changes nothing that is live: where that
    database is not there it is not made.
    """
    order.data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".check-", dir=order.data) as name:
        folder = Path(name)
        given = {
            **environment,
            REPORT: str(folder / "findings.json"),
            # The list of posts, the drafts and the maps that a build leaves go here as well.
            "PERMALIEN_VAR": str(folder),
            "PERMALIEN_DATABASE_URL": _readable(database_url, folder),
        }
        given.pop("PERMALIEN_DATABASE_URL_FILE", None)
        trial = replace(order, data=folder, output=folder / "pages")
        try:
            built = build_with_pelican(trial, given)
        except BuildFailed as failure:
            return replace(_seen(folder), mistakes=(failure, *failure.also))
        posts = read_manifest((folder / "posts.json").read_text("utf-8")).posts
        return replace(_seen(folder), warnings=built.warnings, posts=posts)


def _readable(database_url: str, folder: Path) -> str:
    """The database that a trial may open: a new one in `folder` if there is none yet."""
    # The watch, which is of this package, has no use for a database's libraries.
    from ..store import missing_file, sqlite_url

    with suppress(BadSetting):  # the build says it
        if missing_file(database_url):
            return sqlite_url(folder / "permalien.db")
    return database_url


def _seen(folder: Path) -> Inspected:
    """What the look has left; nothing if the build ended before anything could be seen."""
    try:
        told = json.loads((folder / "findings.json").read_text("utf-8"))
    except FileNotFoundError:
        return Inspected()
    found = tuple(Finding(**one) for one in told["found"])
    return Inspected(found, files=told["files"])
