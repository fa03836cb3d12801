"""Checks a blog: what its build says, what its pages lack, what is wrong with its machine."""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..domain.errors import BadSetting, NotPublished, Unavailable
from ..domain.findings import Finding
from ..domain.moves import left_addresses
from ..manifest import PublishedBlog, check_database
from ..processes import Inspected, Order, inspect_with_pelican
from ..server_settings import ServerSettings, read_secrets
from ..store import Store

_LEAST_DISK = 200 * 1024 * 1024
_PLACE = re.compile(r"(?P<file>[^:\s][^:\n]*):(?P<line>\d+): (?P<words>.*)", re.DOTALL)
# Pelican says these as well, with less of the place.
_SAID_BETTER = ("Unable to find", "Empty alt attribute", "There are ", "Other resources were not")


def check(settings: ServerSettings, environment: Mapping[str, str]) -> list[Finding]:
    """Everything that the author or the operator should look at, in the order of its places."""
    found = [*_of_machine(settings, environment), *_of_pages(settings, environment)]
    unique = dict.fromkeys(found)
    return sorted(unique, key=lambda one: (not one.is_wrong, one.file, one.line or 0))


def _of_pages(settings: ServerSettings, environment: Mapping[str, str]) -> Iterator[Finding]:
    order = Order(settings.blog, settings.data, seconds=settings.build_seconds)
    seen = inspect_with_pelican(order, environment, database_url=settings.store_url)
    yield from seen.findings
    yield from _of_moves(settings, seen)
    places = {(one.file, one.line) for one in seen.findings if one.is_wrong}
    for mistake in seen.mistakes:
        # What was found there already says it better.
        if mistake.line is None or (mistake.file, mistake.line) not in places:
            yield Finding(mistake.message, mistake.file or "", mistake.line)
    for warning in seen.warnings:
        if not any(part in warning for part in _SAID_BETTER):
            yield _placed(warning)


def _of_moves(settings: ServerSettings, seen: Inspected) -> Iterator[Finding]:
    """A note for each address that a post has left and from which nothing leads on."""
    try:
        live = PublishedBlog(settings.manifest_path)()
    except NotPublished:
        return
    for path, id in left_addresses(live, seen.posts).items():
        post = seen.posts[id]
        aliases = ", ".join([*post.aliases, path])
        words = f"it stood at {path}, and nothing leads on from there: add `Aliases: {aliases}`"
        yield Finding(words, seen.files.get(post.path, ""), 1, is_wrong=False)


def _placed(warning: str) -> Finding:
    found = _PLACE.fullmatch(warning)
    if not found:
        return Finding(warning)
    return Finding(found["words"], found["file"], int(found["line"]))


def _of_machine(settings: ServerSettings, environment: Mapping[str, str]) -> Iterator[Finding]:
    yield from _of_files(settings, environment)
    yield from _of_store(settings)


def _of_files(settings: ServerSettings, environment: Mapping[str, str]) -> Iterator[Finding]:
    data = settings.data
    there = data if data.is_dir() else data.parent
    if not os.access(there, os.W_OK | os.X_OK):
        yield Finding("cannot be written: give it to the service's user", str(there))
    elif shutil.disk_usage(there).free < _LEAST_DISK:
        yield Finding("the disk is nearly full: comments will be refused soon", str(there))
    named = environment.get("PERMALIEN_ENV_FILE")
    private = [Path(named) if named else settings.blog / "permalien.env", data / "secret"]
    for file in private:
        if file.is_file() and stat.S_IMODE(file.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(f"others can read it: chmod 600 {file.name}", str(file))


def _of_store(settings: ServerSettings) -> Iterator[Finding]:
    try:
        check_database(settings.store_url, settings.published_path)
        if not settings.database_url and not (settings.data / "permalien.db").exists():
            return  # a blog that was never built: the first build makes it
        read_secrets(settings)
        store = Store.open(settings.store_url)
        try:
            if not store.is_current():
                yield Finding("the next build adapts the database to this version", is_wrong=False)
            store.check_sound()
        finally:
            store.close()
    except (BadSetting, Unavailable) as error:
        yield Finding(str(error))
