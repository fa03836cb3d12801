"""A real browser for the tests: Debian's chromium, steered by Playwright; a pytest plugin."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = ("/usr/bin", "/usr/local/bin", "/usr/lib/chromium", "/opt/google/chrome", "/snap/bin")
OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # Whatever a page or the browser itself would ask of another machine is not even resolved.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def chromium() -> str | None:
    """The browser's program on this machine."""
    places = os.pathsep.join((os.environ.get("PATH", ""), *PLACES))
    return next((found for name in NAMES if (found := shutil.which(name, path=places))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A chromium that was just started; a test opens windows of its own with `new_context`."""
    program = chromium()
    if program is None:
        pytest.skip("no chromium on this machine (apt install chromium)")
    playwright = pytest.importorskip(
        "playwright.sync_api",
        reason="no playwright for this Python",
        exc_type=ImportError,
    )
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=list(OPTIONS))
        yield browser
        browser.close()
