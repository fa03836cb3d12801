"""What is not public yet: pages for friends who know the address, and the author's preview.

- `withheld` what an ordinary build keeps back, and leaves for friends under `var/drafts/`;
  `public_files` what it cannot keep back
- `preview`  a build for the author alone (PERMALIEN_PREVIEW=1), in which it stands among the rest
- `posts`    how a post that is not public is known

Nothing in the output folder depends on what is not public.
"""

from __future__ import annotations

import os
from typing import Any

from blinker import signal
from pelican import Pelican, signals

from .preview import Preview
from .withheld import Withheld


def register() -> None:
    signals.initialized.connect(_open)
    signals.article_generator_init.connect(_begin)
    signals.article_generator_pretaxonomy.connect(_take_articles)
    signals.page_generator_finalized.connect(_take_pages)
    signals.static_generator_finalized.connect(_take_files)
    signals.all_generators_finalized.connect(_address)
    signals.finalized.connect(_render)
    # The press sends it: plugins know each other by signals only.
    signal("permalien-published").connect(_hand_over)


def _open(pelican: Pelican) -> None:
    kind = Preview if os.environ.get("PERMALIEN_PREVIEW") else Withheld
    pelican.settings["UNPUBLISHED"] = kind(pelican.settings)


def _begin(generator: Any) -> None:
    generator.settings["UNPUBLISHED"].begin()


def _take_articles(generator: Any) -> None:
    generator.settings["UNPUBLISHED"].take_articles(generator)


def _take_pages(generator: Any) -> None:
    generator.settings["UNPUBLISHED"].take_pages(generator)


def _take_files(generator: Any) -> None:
    generator.settings["UNPUBLISHED"].take_files(generator)


def _address(generators: list[Any]) -> None:
    generators[0].settings["UNPUBLISHED"].address(generators[0].context)


def _render(pelican: Pelican) -> None:
    pelican.settings["UNPUBLISHED"].render()


def _hand_over(pelican: Pelican) -> None:
    pelican.settings["UNPUBLISHED"].hand_over()
