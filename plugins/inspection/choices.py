"""Settings of the blog that contradict each other."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pingback_server.domain.findings import Finding
from pingback_server.domain.networks import is_loopback
from pingback_server.server_settings import read_server_settings


def of_settings(settings: dict[str, Any]) -> Iterator[Finding]:
    """A finding for each contradiction, at the line of pelicanconf.py where it is said."""
    blog = Path(os.environ["PERMALIEN_BLOG"])
    yield from (_placed(blog, key, words) for key, words in _contradictions(blog, settings))


def _contradictions(blog: Path, settings: dict[str, Any]) -> Iterator[tuple[str, str]]:
    talk = settings["DISCUSSION"]
    for what, days in (("comments", "close_after_days"), ("pings", "close_pings_after_days")):
        if talk.get(what) is False and talk.get(days) and not (what == "comments" and _pings(talk)):
            yield "DISCUSSION", f"{days!r} closes what {what!r}: False never opens"
    address = urlsplit(settings["SITEURL"])
    host = read_server_settings(blog, os.environ).host
    if not is_loopback(host) and is_loopback(address.hostname or ""):
        words = f"readers cannot reach {settings['SITEURL']}, while the service listens on {host}"
        yield "SITEURL", words
    content = Path(settings["PATH"]).resolve()
    output = (blog / _own_output(blog)).resolve()
    if output.is_relative_to(content) or content.is_relative_to(output):
        yield "OUTPUT_PATH", f"{output} and the content in {content} lie in one another"


def _pings(talk: dict[str, Any]) -> bool:
    """Whether the days of comments count for pings, which are taken."""
    return talk.get("pings", True) and talk.get("close_pings_after_days") is None


def _own_output(blog: Path) -> str:
    """OUTPUT_PATH as pelicanconf.py has it: this build goes elsewhere."""
    written = re.search(r"""^OUTPUT_PATH\s*=\s*["']([^"']+)""", _text(blog), re.MULTILINE)
    return written[1] if written else "output"


def _placed(blog: Path, key: str, words: str) -> Finding:
    before = re.split(rf"^{key}\b", _text(blog), maxsplit=1, flags=re.MULTILINE)
    line = before[0].count("\n") + 1 if len(before) > 1 else None
    return Finding(f"{key}: {words}", "pelicanconf.py", line)


def _text(blog: Path) -> str:
    return (blog / "pelicanconf.py").read_text("utf-8")
