"""How wide and high a picture is, as it is shown."""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree

from PIL import Image, UnidentifiedImageError

# A camera's .heic is among them, which nothing here can read: then the build ends.
RASTER = frozenset(
    {
        *(".jpg", ".jpeg", ".jpe", ".jif", ".jfif", ".pjpeg", ".pjp", ".png", ".apng"),
        *(".webp", ".gif", ".avif", ".tif", ".tiff", ".heic", ".heif", ".hif"),
    }
)
"""How the names of pictures made of pixels end."""

_ORIENTATION = 0x0112
_LYING = frozenset({5, 6, 7, 8})

Size = tuple[int, int]


class Unreadable(Exception):
    """The file is no picture, a broken one, or one too large to open."""


def opened(data: bytes) -> Image.Image:
    """The picture in `data`, its pixels not read yet; Unreadable if there is none."""
    try:
        return Image.open(BytesIO(data))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise Unreadable(_why(error)) from error


def orientation_of(picture: Image.Image) -> int:
    """How the camera was held (Exif 2.32, tag 274); 1 is upright. Unreadable if it is broken."""
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except (OSError, ValueError, SyntaxError) as error:  # a PNG is read to its end for it
        raise Unreadable("it is broken") from error


def size_of(data: bytes) -> Size:
    """Width and height in pixels, turned as a browser shows the picture."""
    picture = opened(data)
    width, height = picture.size
    return (height, width) if orientation_of(picture) in _LYING else (width, height)


def size_of_svg(data: bytes) -> Size | None:
    """Width and height that an SVG gives itself, or those of its viewBox; None if it has neither.

    Only the first tag is read, so that the rest need not be right.
    """
    try:
        root = next(ElementTree.iterparse(BytesIO(data), ["start"]))[1]
    except (ElementTree.ParseError, StopIteration):
        return None
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    drawn = tuple(box[2:]) if len(box) == 4 else ("", "")
    for width, height in ((root.get("width", ""), root.get("height", "")), drawn):
        if _pixels(width) and _pixels(height):
            return _pixels(width), _pixels(height)
    return None


def _pixels(text: str) -> int:
    number = re.fullmatch(r"\s*([0-9]*\.?[0-9]+)(px)?\s*", text)
    return round(float(number[1])) if number else 0


def _why(error: Exception) -> str:
    if isinstance(error, Image.DecompressionBombError):
        return "it has too many pixels to be opened safely"
    return "it is no picture that can be read"
