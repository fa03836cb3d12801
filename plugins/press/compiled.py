"""Keeps the templates as Jinja compiled them: to do that anew takes a fifth of a small build."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

_FOLDER = "templates-"
# Jinja itself compares what it kept with the template alone. The compiled form depends on these as
# well: filters and tests of what is constant are worked out when it is made.
_SETTINGS = ("JINJA_ENVIRONMENT", "JINJA_FILTERS", "JINJA_TESTS")


class CompiledTemplates(FileSystemBytecodeCache):
    """Those of one blog, below its CACHE_PATH; what was compiled by other settings is thrown away.

    What is wrong there, or finds no room, does no harm: it is compiled anew.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        cache = Path(settings["CACHE_PATH"]).absolute()
        folder = cache / f"{_FOLDER}{_made_by(settings)}"
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        for other in cache.glob(f"{_FOLDER}*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
        super().__init__(str(folder))

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was kept of the template; nothing if it cannot be read."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # a file that was cut off can make its reader fail in any way
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, if there is room."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _made_by(settings: Mapping[str, Any]) -> str:
    """A name for all that templates are compiled by, besides what they say."""
    parts = [jinja2.__version__]
    for name in _SETTINGS:
        for key, value in sorted(settings.get(name, {}).items()):
            parts.append(f"{name} {key} {_described(value)}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _described(value: object) -> str:
    """A value that tells it from another: of a function, what it does."""
    code = getattr(value, "__code__", None)
    if not isinstance(code, CodeType):
        return repr(value)
    constants = [one for one in code.co_consts if not isinstance(one, CodeType)]
    return repr((code.co_code, code.co_names, constants))
