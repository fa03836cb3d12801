"""Looks at what a build would publish, for `permalien check`; at other builds it does nothing.

The map, in the order in which it looks:

- `sources` the files of posts: in which line something stands
- `texts`   the links, images and headings of a post's text
- `links`   what leads nowhere: pages, files, anchors
- `reading` what a text lacks for its readers: words for images, an order of headings
- `heads`   ids, slugs, languages, tags, and keys that look like slips
- `choices` settings that contradict each other
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from blinker import signal
from pelican import Pelican, signals

from .choices import of_settings
from .heads import of_heads
from .links import Links
from .reading import of_reading
from .sources import Source


def register() -> None:
    if "PERMALIEN_INSPECTION" in os.environ:
        signals.all_generators_finalized.connect(_collect)
        # The press sends it when all files have their place.
        signal("permalien-published").connect(_look)


def _collect(generators: list[Any]) -> None:
    generators[0].settings["INSPECTED"] = generators[0].context


def _look(pelican: Pelican) -> None:
    context = pelican.settings["INSPECTED"]
    contents = [one for one in context["generated_content"].values() if one is not None]
    sources = sorted(map(Source, contents), key=lambda source: source.file)
    links = Links(context["site"], Path(pelican.output_path), contents)
    found = [*of_settings(pelican.settings), *of_heads(sources, pelican.settings)]
    for source in sources:
        found += [*links.broken_in(source), *of_reading(source)]
    report = Path(os.environ["PERMALIEN_INSPECTION"])
    report.write_text(json.dumps([asdict(one) for one in found]), "utf-8")
