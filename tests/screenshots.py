"""Takes the pictures of README.md from the demo: `python tests/screenshots.py`."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from browser import OPTIONS, chromium
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from served_demo import ROOT, demo_at_noon

FOLDER = ROOT / "docs" / "images"
DESK: dict[str, Any] = {"viewport": {"width": 1200, "height": 780}, "device_scale_factor": 1.5}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2}


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: of which post (or the index), from where, on what."""

    name: str
    window: dict[str, Any]
    scheme: Any
    post: str = ""
    anchor: str = ""


SHOTS = (
    Shot("desk-light", DESK, "light"),
    Shot("desk-dark", DESK, "dark", "voyage-fr", "#comments"),
    Shot("phone-light", PHONE, "light", "voyage-fr"),
    Shot("phone-dark", PHONE, "dark", "who-called-whom", "#comments"),
)


def take(browser: Browser, address: str, shot: Shot) -> Image.Image:
    """What the window shows, in the 256 colours that are enough for print."""
    context = browser.new_context(color_scheme=shot.scheme, **shot.window)
    page = context.new_page()
    page.goto(address)
    picture = page.screenshot()
    context.close()
    return Image.open(io.BytesIO(picture)).convert("RGB").quantize(256, dither=Image.Dither.NONE)


def main() -> None:
    program = chromium()
    if program is None:
        sys.exit("no chromium on this machine (apt install chromium)")
    with (
        TemporaryDirectory() as folder,
        demo_at_noon(Path(folder, "blog"), []) as demo,
        sync_playwright() as started,
    ):
        browser = started.chromium.launch(executable_path=program, args=list(OPTIONS))
        for shot in SHOTS:
            path = demo.blog.address(shot.post) if shot.post else "/"
            address = f"http://localhost:{demo.port}{path}{shot.anchor}"
            take(browser, address, shot).save(FOLDER / f"{shot.name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
