"""Checks a blog: what its build says, what its pages lack, what is wrong with its machine."""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..domain.errors import BadSetting, BuildFailed, Unavailable
from ..domain.findings import Finding
from ..processes import Order, inspect_with_pelican
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
    try:
        built, found = inspect_with_pelican(order, environment, database_url=settings.store_url)
    except BuildFailed as failure:
        for cause in (failure, *failure.also):
            yield Finding(cause.message, cause.file or "", cause.line)
        return
    yield from found
    for warning in built.warnings:
        if not any(part in warning for part in _SAID_BETTER):
            yield _placed(warning)


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
    if not settings.database_url and not (settings.data / "permalien.db").exists():
        return  # a blog that was never built: the first build makes it
    try:
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
