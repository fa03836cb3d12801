"""Pictures: their sizes in the page, nothing private in their files, smaller copies beside them.

The map, in the order of a build:

- `choices`  `PICTURES`, what the author chose, checked
- `tags`     the `<img>` of a post: measured, loaded late, with its smaller copies; figures
- `measure`  how wide and high a picture is, read from its file
- `clean`    a published picture without what the camera or the program wrote into it
- `copies`   the smaller copies in WebP and AVIF
- `gallery`  one build's pictures: which files are shown, which copies they need
- `cache`    what was once made, kept outside the output under the hash of what it was made of
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pelican import Pelican, signals

from .choices import read_choices
from .gallery import Gallery


def register() -> None:
    signals.initialized.connect(_open)
    # All posts are read by then, and nobody has asked for their final text yet.
    signals.static_generator_finalized.connect(_dress)
    signals.finalized.connect(_write)


def _open(pelican: Pelican) -> None:
    choices = read_choices(pelican.settings["PICTURES"])
    pelican.settings["GALLERY"] = Gallery(pelican.settings, choices)


def _dress(generator: Any) -> None:
    generator.settings["GALLERY"].dress(generator.context)


def _write(pelican: Pelican) -> None:
    pelican.settings["GALLERY"].write(Path(pelican.output_path))
