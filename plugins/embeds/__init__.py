"""Embeds: what a post would load from elsewhere becomes a link, unless the author allows its host.

A page of the blog calls nobody: its security policy would refuse a frame, a script or a picture of
another host anyway, and leave a hole. `EMBEDS_ALLOWED` names the hosts that may be shown. What was
replaced is said at every build, with file and line.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pelican import Pelican, signals

from pingback_server.domain.errors import BadSetting

from .cards import Replaced, without_strangers

logger = logging.getLogger(__name__)


def register() -> None:
    signals.initialized.connect(_check)
    signals.content_object_init.connect(_replace)


def _check(pelican: Pelican) -> None:
    given = pelican.settings["EMBEDS_ALLOWED"]
    is_list = isinstance(given, list | tuple) and all(isinstance(host, str) for host in given)
    wrong = (
        given if not is_list else [host for host in given if urlsplit(f"//{host}").netloc != host]
    )
    if not is_list or wrong:
        raise BadSetting(
            "pelicanconf.py: EMBEDS_ALLOWED has to be a list of hosts such as "
            f'"www.youtube-nocookie.com", not {wrong!r}'
        )


def _replace(content: Any) -> None:
    if not content._content:
        return
    own = urlsplit(content.settings["SITEURL"]).netloc
    allowed = {own, *content.settings["EMBEDS_ALLOWED"]}
    content._content, replaced = without_strangers(content._content, allowed)
    if replaced:
        _tell(replaced, Path(str(content.source_path)))


def _tell(replaced: list[Replaced], source: Path) -> None:
    lines = source.read_text("utf-8-sig", errors="replace").splitlines()
    at = 0
    for one in replaced:
        # Markdown escapes an address as HTML does; the author did not.
        sought = one.address.split("&")[0] or f"<{one.tag}"
        found = (number for number, text in enumerate(lines[at:], start=at) if sought in text)
        here = next(found, None)
        at = at if here is None else here + 1
        logger.warning("%s:%s: %s", source, at or 1, one.told())
