"""Makes a picture of another host's one of our own: small, square, and nothing else in its file."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from ..domain.errors import PageUnreadable

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_LARGEST = 1024
_BROKEN = (
    *(OSError, ValueError, SyntaxError, EOFError),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning),
)


def small_picture(file: bytes, side: int) -> bytes:
    """The first frame of `file` as WebP, `side` pixels wide and high at most, without metadata.

    PageUnreadable if it is no picture, or one of more than 1024 pixels in either direction: that is
    known before any of it is unpacked.
    """
    try:
        with Image.open(BytesIO(file), formats=_FORMATS) as image:
            if max(image.size) > _LARGEST:
                raise PageUnreadable("too-large")
            drawn = image.convert("RGBA" if image.has_transparency_data else "RGB")
    except _BROKEN as error:
        raise PageUnreadable("broken") from error
    drawn.thumbnail((side, side))
    made = BytesIO()
    Image.frombytes(drawn.mode, drawn.size, drawn.tobytes()).save(made, "WEBP", quality=80)
    return made.getvalue()
