"""Asks a blog's pelicanconf.py what it says, without a build and without loading Pelican here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..domain.errors import BuildFailed

_SECONDS = 60
# Read as Pelican reads it: a module named pelicanconf, every name of which that is in capitals.
_READ = """\
import importlib.util, json, os, sys, threading, traceback

def end_with_parent():
    os.read(0, 1)
    os._exit(1)

threading.Thread(target=end_with_parent, daemon=True).start()
path, report = sys.argv[1:]
try:
    spec = importlib.util.spec_from_file_location("pelicanconf", path)
    sys.modules["pelicanconf"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    told = {name: value for name, value in vars(module).items() if name.isupper()}
    answer = json.dumps({"settings": told}, default=lambda _: None, skipkeys=True)
except BaseException as error:
    lines = [line for file, line, *_ in traceback.extract_tb(error.__traceback__) if file == path]
    line = error.lineno if isinstance(error, SyntaxError) else (lines or [None])[-1]
    answer = json.dumps({"error": f"{type(error).__name__}: {error}", "line": line})
print(report + answer)
"""
_MARK = "permalien settings: "


def settings_of(blog: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """The blog's settings as pelicanconf.py has them; None where one is no plain value.

    BuildFailed names the line at which it cannot be read.
    """
    file = blog / "pelicanconf.py"
    # Nothing is ever written here: it closes when this process ends, however it goes.
    reading, writing = os.pipe()
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _READ, str(file), _MARK],
            cwd=blog,
            env=dict(environment),
            stdin=reading,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildFailed(f"cannot be read: {error}", file.name) from error
    finally:
        os.close(reading)
        os.close(writing)
    said = done.stdout.rpartition(_MARK)[2]
    try:
        told = json.loads(said)
    except ValueError:
        raise BuildFailed(f"cannot be read: {done.stderr.strip()[-500:]}", file.name) from None
    if "error" in told:
        raise BuildFailed(told["error"], file.name, told["line"])
    settings: dict[str, Any] = told["settings"]
    return settings
