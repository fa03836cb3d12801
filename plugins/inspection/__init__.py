"""Looks at what a build would publish, for `permalien check`; at other builds it does nothing.

The map, in the order in which it looks:

- `sources` the files of posts: in which line something stands
- `texts`   the links, images and headings of a post's text
- `links`   what leads nowhere: pages, files, anchors; `frame` the same in menu and foot
- `reading` what a text lacks for its readers: words for images, an order of headings
- `places`  two posts at one address, former addresses
- `heads`   ids, slugs, languages, tags, and keys that look like slips
- `choices` settings that contradict each other

What needs no page is told before the build ends: some of it will keep the build from ending well.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from blinker import signal
from pelican import Pelican, signals

from pingback_server.domain.findings import Finding

from .choices import of_settings
from .frame import of_frame
from .heads import of_heads
from .links import Links
from .places import of_places
from .reading import of_reading
from .sources import Source


def register() -> None:
    if "PERMALIEN_INSPECTION" in os.environ:
        signals.static_generator_finalized.connect(_look_at_sources)
        signals.all_generators_finalized.connect(_collect)
        # The press sends it when all files have their place.
        signal("permalien-published").connect(_look)


def _look_at_sources(generator: Any) -> None:
    sources = _sources_in(generator.context)
    settings = generator.settings
    _tell([*of_settings(settings), *_of_sources(sources, settings)], sources)


def _collect(generators: list[Any]) -> None:
    generators[0].settings["INSPECTED"] = generators[0].context


def _look(pelican: Pelican) -> None:
    context, settings = pelican.settings["INSPECTED"], pelican.settings
    sources, output = _sources_in(context), Path(pelican.output_path)
    links = Links(context["site"], output, [source.content for source in sources])
    found = [*of_settings(settings), *_of_sources(sources, settings)]
    found += of_frame(sources, links, output, settings)
    for source in sources:
        found += [*links.broken_in(source), *of_reading(source)]
    _tell(found, sources)


def _sources_in(context: dict[str, Any]) -> list[Source]:
    contents = (one for one in context["generated_content"].values() if one is not None)
    return sorted(map(Source, contents), key=lambda source: source.file)


def _of_sources(sources: list[Source], settings: dict[str, Any]) -> Iterator[Finding]:
    yield from of_heads(sources, settings)
    yield from of_places(sources)


def _tell(found: list[Finding], sources: list[Source]) -> None:
    """Leave what was found, and which file each public address comes from."""
    files = {f"/{one.content.url.lstrip('/')}": one.file for one in sources if one.is_public}
    told = {"found": [asdict(one) for one in found], "files": files}
    Path(os.environ["PERMALIEN_INSPECTION"]).write_text(json.dumps(told), "utf-8")
