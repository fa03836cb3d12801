"""Where posts stand, and stood before: `PERMALINKS`, `Number:` and `Aliases:`.

The map, in the order of a build:

- `permalinks` the form of address that the author chose, as Pelican's settings, and the day and
               the language that stand in it
- `slugs`      names of which no address can be made
- `numbers`    `Number:`, the N of `/?p=N`
- `aliases`    `Aliases:`, the former addresses of a post or page
- `redirects`  a small page at each of them, and the maps for nginx and Caddy
- `refusal`    what is wrong with a line of metadata, and which line it is
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from blinker import signal
from pelican import Pelican, signals
from pelican.contents import Content

from .aliases import read_aliases
from .numbers import read_number
from .permalinks import apply_permalinks, date_by_the_blog, name_the_language
from .redirects import Redirects
from .slugs import check_slugs


def register() -> None:
    signals.initialized.connect(_open)
    signals.content_object_init.connect(_read)
    signals.all_generators_finalized.connect(_collect)
    signals.finalized.connect(_write_pages)
    # The press sends it when the new pages are live: plugins know each other by signals only.
    signal("permalien-published").connect(_write_maps)


def _open(pelican: Pelican) -> None:
    apply_permalinks(pelican.settings)
    pelican.settings["REDIRECTS"] = Redirects(pelican.settings, os.environ)


def _read(content: Content) -> None:
    name_the_language(content)
    check_slugs(content)
    date_by_the_blog(content)
    read_number(content)
    read_aliases(content)


def _collect(generators: list[Any]) -> None:
    generators[0].settings["REDIRECTS"].collect(generators)


def _write_pages(pelican: Pelican) -> None:
    pelican.settings["REDIRECTS"].write_pages(Path(pelican.output_path))


def _write_maps(pelican: Pelican) -> None:
    pelican.settings["REDIRECTS"].write_maps()
