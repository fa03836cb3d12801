"""What the views work with, made once at start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, current_app, request

from ..credentials import Passwords
from ..domain.posts import Manifest
from ..domain.senders import Network
from ..fetch import Fetcher
from ..manifest import PublishedBlog
from ..store import Store
from .rates import Rates
from .templates import Theme

IN_ENVIRON = "permalien.blog"
"""Under which name a request carries the blog as published: it is looked for once a request."""


def _clock() -> datetime:
    return datetime.now(UTC)


def _strict() -> Callable[[str], None]:
    return Fetcher("Permalien").check


@dataclass(frozen=True, slots=True)
class Service:
    """The folders of the blog and of its data, the store, the blog as published, and the rest.

    `published` looks for it on the disk each time, so views ask for `blog()`. `proxies` are the
    networks whose X-Forwarded-For is believed. `is_preview` says that the pages are those of
    `permalien serve --watch`, for the author alone; `check_source` raises FetchRefused for an
    address that we would never call.
    """

    folder: Path
    data: Path
    store: Store
    published: PublishedBlog
    secrets: Sequence[str]
    theme: Theme
    press_is_alive: Callable[[], bool]
    now: Callable[[], datetime] = _clock
    is_preview: bool = False
    proxies: Sequence[Network] = ()
    passwords: Passwords = field(default_factory=Passwords)
    rates: Rates = field(default_factory=Rates)
    check_source: Callable[[str], None] = field(default_factory=_strict)

    def blog(self) -> Manifest:
        """The blog as it was when this request came in; NotPublished."""
        found: Manifest | None = request.environ.get(IN_ENVIRON)
        return self.published() if found is None else found


def install(app: Flask, service: Service) -> None:
    """Give `app` the service that its views work with."""
    app.extensions["permalien"] = service


def service() -> Service:
    """The service of the application that answers now."""
    found: Service = current_app.extensions["permalien"]
    return found
