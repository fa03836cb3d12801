"""Smaller copies of a picture for smaller windows, in formats that weigh less."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import PIL
from PIL import Image, ImageOps

from .measure import Size, Unreadable, opened

_OPTIONS: dict[str, dict[str, Any]] = {
    # One thread and a fixed effort: the same picture gives the same bytes.
    "avif": {"speed": 6, "max_threads": 1},
    "webp": {"method": 4},
}


_COLOURS = {"RGB", "RGBA", "P"}

HIGHEST = 16_383
"""The most pixels that WebP has in one direction."""


def widths_for(size: Size, wanted: Sequence[int]) -> tuple[int, ...]:
    """The widths of the copies of a picture of `size`: those wanted, and never more than it has.

    A picture that is not wider than the smallest of them gets one copy of its own width.
    """
    if not wanted:
        return ()
    smaller = tuple(sorted({width for width in wanted if width < size[0]}))
    return smaller if size[0] > max(wanted) else (*smaller, size[0])


def is_moving(data: bytes) -> bool:
    """Whether the picture has several frames, which a copy would lose."""
    picture = opened(data)
    # The others in a phone's .jpg are previews of the first.
    return bool(getattr(picture, "is_animated", False)) and picture.format != "MPO"


def copy_of(data: bytes, width: int, kind: str, quality: int) -> bytes:
    """The picture at `width` in the format `kind`, upright; Unreadable if it cannot be read."""
    try:
        picture = ImageOps.exif_transpose(opened(data))
        # A profile for inks or greys says nothing of the colours that these become.
        profile = picture.info.get("icc_profile") if picture.mode in _COLOURS else None
        if picture.mode.startswith("I"):
            picture = picture.convert("I").point(lambda grey: grey / 257, "L")
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        if width != picture.width:
            height = height_of(picture.size, width)
            picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable("it is broken or too large") from error
    picture.info.clear()
    written = BytesIO()
    picture.save(written, kind, quality=quality, icc_profile=profile, **_OPTIONS[kind])
    return written.getvalue()


def height_of(size: Size, width: int) -> int:
    """The height of a copy that is `width` wide."""
    return max(1, round(size[1] * width / size[0]))


def recipe(width: int, kind: str, quality: int) -> str:
    """What, beside the picture itself, decides what a copy looks like."""
    return f"{width} {kind} {quality} {_OPTIONS[kind]} {PIL.__version__}"
