"""Bakes each post's conversation into its page, and leaves the service the list of posts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from blinker import signal
from pelican import Pelican, signals

from .bakery import Bakery


def register() -> None:
    signals.initialized.connect(_open)
    signals.article_generator_init.connect(_begin)
    signals.content_object_init.connect(_schedule)
    signals.all_generators_finalized.connect(_bake)
    signals.article_writer_finalized.connect(_write_pages)
    signals.finalized.connect(_write_feeds)
    # The press sends these when the new pages go live and when they are: plugins know each other
    # by signals only.
    signal("permalien-publishing").connect(_announce)
    signal("permalien-published").connect(_hand_over)


def _open(pelican: Pelican) -> None:
    pelican.settings["BAKERY"] = Bakery(pelican.settings)


def _begin(generator: Any) -> None:
    generator.settings["BAKERY"].begin()


def _schedule(content: Any) -> None:
    content.settings["BAKERY"].schedule(content)


def _bake(generators: list[Any]) -> None:
    generators[0].settings["BAKERY"].bake(generators)


def _write_pages(generator: Any, writer: Any) -> None:
    generator.settings["BAKERY"].write_pages(generator, writer)


def _write_feeds(pelican: Pelican) -> None:
    pelican.settings["BAKERY"].write_feeds(Path(pelican.output_path))


def _announce(pelican: Pelican) -> None:
    pelican.settings["BAKERY"].announce()


def _hand_over(pelican: Pelican) -> None:
    pelican.settings["BAKERY"].hand_over()
