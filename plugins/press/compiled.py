"""Keeps the templates as Jinja compiled them: to do that anew takes a fifth of a small build."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import BytecodeCache, Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket
from jinja2.filters import FILTERS
from jinja2.tests import TESTS
from pelican.plugins._utils import plugin_enabled
from pelican.utils import DateFormatter

_FOLDER = "templates-"


def kept_templates(settings: Mapping[str, Any]) -> BytecodeCache:
    """Those of one blog, below its CACHE_PATH; what was compiled otherwise is thrown away.

    `settings` are Pelican's, once the plugins are loaded. An author's own cache is left alone.
    """
    environment = settings["JINJA_ENVIRONMENT"]
    if "bytecode_cache" in environment:
        own: BytecodeCache = environment["bytecode_cache"]
        return own
    # Whether a plugin is enabled is a test of Pelican's, which is worked out once as well.
    compiled_by = f"{jinja2.__version__} {sorted(environment.items())} {settings['PLUGINS']}"
    name = hashlib.sha256(compiled_by.encode()).hexdigest()[:16]
    cache = Path(settings["CACHE_PATH"]).absolute()
    folder = cache / f"{_FOLDER}{name}"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    for other in cache.glob(f"{_FOLDER}{'[0-9a-f]' * len(name)}"):
        if other != folder:
            _throw_away(other)
    return _Harmless(str(folder))


def _throw_away(folder: Path) -> None:
    """What Jinja wrote there, and nothing else: CACHE_PATH may be any folder."""
    with suppress(OSError):
        FileSystemBytecodeCache(str(folder)).clear()
        folder.rmdir()


def _is_plain(environment: Environment) -> bool:
    """Whether its filters, tests and extensions are Jinja's and Pelican's own, and no others."""
    filters, tests = dict(environment.filters), dict(environment.tests)
    formatter, enabled = filters.pop("strftime", None), tests.pop("plugin_enabled", None)
    return (
        isinstance(formatter, DateFormatter)
        and getattr(enabled, "func", None) is plugin_enabled
        and (filters, tests) == (FILTERS, TESTS)
        and all(type(one).__module__ == "jinja2.ext" for one in environment.extensions.values())
    )


class _Harmless(FileSystemBytecodeCache):
    """What is wrong in the folder, or finds no room there, is compiled anew.

    Jinja compares what it kept with the template alone, but works out at once what a filter or a
    test makes of a constant: where an author or a plugin has any, nothing is kept.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        if not _is_plain(bucket.environment):
            return
        try:
            super().load_bytecode(bucket)
        except Exception:  # a file that was cut off can make its reader fail in any way
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        if not _is_plain(bucket.environment):
            return
        with suppress(OSError):
            super().dump_bytecode(bucket)
