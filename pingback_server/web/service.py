"""What the views work with, made once at start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, current_app

from ..domain.senders import Network
from ..fetch import Fetcher
from ..manifest import PublishedBlog
from ..store import Store
from .rates import Rates
from .templates import Theme


def _clock() -> datetime:
    return datetime.now(UTC)


def _strict() -> Callable[[str], None]:
    return Fetcher("Permalien").check


@dataclass(frozen=True, slots=True)
class Service:
    """The folders of the blog and of its data, the store, the blog as published, and the rest.

    `proxies` are the networks whose X-Forwarded-For is believed. `is_preview` says that the pages
    are those of `permalien serve --watch`, for the author alone; `check_source` raises FetchRefused
    for an address that we would never call.
    """

    folder: Path
    data: Path
    store: Store
    blog: PublishedBlog
    secrets: Sequence[str]
    theme: Theme
    press_is_alive: Callable[[], bool]
    now: Callable[[], datetime] = _clock
    is_preview: bool = False
    proxies: Sequence[Network] = ()
    rates: Rates = field(default_factory=Rates)
    check_source: Callable[[str], None] = field(default_factory=_strict)


def install(app: Flask, service: Service) -> None:
    """Give `app` the service that its views work with."""
    app.extensions["permalien"] = service


def service() -> Service:
    """The service of the application that answers now."""
    found: Service = current_app.extensions["permalien"]
    return found
