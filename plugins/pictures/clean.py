"""A picture without what the camera or the program wrote into it: place, time, names, thumbnails.

The colour profile stays, since the picture looks wrong without it. PNG and WebP lose only the
chunks that say such things; a JPEG is written anew with its own tables, which changes nothing that
an eye could see, and upright if the camera lay.
"""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from .measure import Unreadable, opened, orientation_of

_PNG = b"\x89PNG\r\n\x1a\n"
# PNG 3rd edition, §11.3: chunks that say how the pixels are to be shown.
_PNG_SHOWN = frozenset(
    b"tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)
# WebP container specification: the flags of VP8X that announce EXIF and XMP.
_WEBP_TOLD = {b"EXIF": 0x08, b"XMP ": 0x04}
_UPRIGHT_QUALITY = 92


def cleaned(data: bytes) -> bytes:
    """The same picture with nothing but the picture in it; Unreadable if it cannot be read.

    A GIF, which no camera makes, is left as it is.
    """
    picture = opened(data)
    is_upright = orientation_of(picture) == 1
    if picture.format == "GIF":
        return data
    if picture.format == "PNG" and is_upright:
        return _png(data)
    if picture.format == "WEBP" and is_upright:
        return _webp(data)
    return _written_anew(picture, is_upright)


def _png(data: bytes) -> bytes:
    kept, at = [data[: len(_PNG)]], len(_PNG)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name, end = data[at + 4 : at + 8], at + 12 + length
        # A capital first letter: without this chunk there is no picture.
        if name[:1].isupper() or name in _PNG_SHOWN:
            kept.append(data[at:end])
        at = end
        if name == b"IEND":
            return b"".join(kept)
    raise Unreadable("it ends too early")


def _webp(data: bytes) -> bytes:
    kept, at = [], 12
    end = min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while at + 8 <= end:
        name, (length,) = data[at : at + 4], struct.unpack_from("<I", data, at + 4)
        chunk = data[at : at + 8 + length + length % 2]
        if name == b"VP8X":
            flags = chunk[8] & ~sum(_WEBP_TOLD.values())
            chunk = chunk[:8] + bytes([flags]) + chunk[9:]
        if name not in _WEBP_TOLD:
            kept.append(chunk)
        at += 8 + length + length % 2
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _written_anew(picture: Image.Image, is_upright: bool) -> bytes:
    # Phones write several pictures into one .jpg; readers get the first, as from any browser.
    kind = "JPEG" if picture.format == "MPO" else picture.format
    options: dict[str, Any] = {"icc_profile": picture.info.get("icc_profile")}
    if kind == "AVIF" and getattr(picture, "is_animated", False):
        options["save_all"] = True
    if picture.format == "JPEG" and is_upright:
        options["quality"] = "keep"
    elif kind in {"JPEG", "WEBP", "AVIF"}:
        options["quality"] = _UPRIGHT_QUALITY
    try:
        picture.load()
        shown = picture if is_upright else ImageOps.exif_transpose(picture)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Unreadable("it is broken or too large") from error
    for key in (
        "exif",
        "xmp",
        "XML:com.adobe.xmp",
        "comment",
        "photoshop",
        "Raw profile type exif",
    ):
        shown.info.pop(key, None)
    if kind != "JPEG" and "save_all" not in options:
        shown = shown.copy()  # without the tags of the file that it came from
    written = BytesIO()
    shown.save(written, kind, **{key: value for key, value in options.items() if value})
    return written.getvalue()
