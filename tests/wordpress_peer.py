"""A real WordPress beside the checkout, as another blog that writes and sends pings."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actors import free_port
from as_wordpress import SCRIPT


@dataclass(frozen=True, slots=True)
class WordPress:
    """One that runs, on another address of this machine than the blog: else it pings itself."""

    environment: dict[str, str]

    def runs(self, *words: str) -> str:
        """What a command of the script prints."""
        done = subprocess.run(
            [str(SCRIPT), *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def publishes(self, title: str, html: str, *options: str) -> str:
        """A post; its address."""
        said: dict[str, Any] = json.loads(self.runs("wp", "publish", title, html, *options))
        return str(said["url"])

    def pings(self) -> str:
        """Send what is to be sent, as its clock does; what it has noted as sent."""
        return self.runs("wp", "pings")


@contextmanager
def a_wordpress(folder: Path, language: str = "") -> Iterator[WordPress]:
    """Install and start one in `folder`; end it afterwards."""
    given = {
        "RUN": str(folder),
        "WPHOST": "127.0.0.2",
        "WPPORT": str(free_port()),
        "WPLANG": language,
        "WORKERS": "2",
    }
    peer = WordPress({**os.environ, **given})
    try:
        peer.runs("up")
        yield peer
    finally:
        peer.runs("clean")
