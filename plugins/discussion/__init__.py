"""Bakes each post's conversation into its page, and leaves the service the list of posts."""

from __future__ import annotations

from typing import Any

from blinker import signal
from pelican import Pelican, signals

from .bakery import Bakery


def register() -> None:
    signals.initialized.connect(_open)
    signals.all_generators_finalized.connect(_bake)
    # The press sends it when the new pages are live; plugins know each other by signals only.
    signal("permalien-published").connect(_hand_over)


def _open(pelican: Pelican) -> None:
    pelican.settings["BAKERY"] = Bakery(pelican.settings)


def _bake(generators: list[Any]) -> None:
    generators[0].settings["BAKERY"].bake(generators)


def _hand_over(pelican: Pelican) -> None:
    pelican.settings["BAKERY"].hand_over()
