"""Keeps the templates as Jinja compiled them: to do that anew takes a fifth of a small build."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket

_FOLDER = "templates-"


def kept_templates(settings: Mapping[str, Any]) -> BytecodeCache | None:
    """Those of one blog, below its CACHE_PATH; what was compiled otherwise is thrown away.

    Jinja itself compares what it kept with the template alone, but works out at once what an
    author's own filters and tests make of a constant: where there are any, nothing is kept.
    """
    environment = settings["JINJA_ENVIRONMENT"]
    if "bytecode_cache" in environment:
        own: BytecodeCache | None = environment["bytecode_cache"]
        return own
    if settings["JINJA_FILTERS"] or settings["JINJA_TESTS"]:
        return None
    compiled_by = f"{jinja2.__version__} {sorted(environment.items())}"
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


class _Harmless(FileSystemBytecodeCache):
    """What is wrong in the folder, or finds no room there, is compiled anew."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # a file that was cut off can make its reader fail in any way
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)
