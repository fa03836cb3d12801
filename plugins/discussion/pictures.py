"""The pictures of who comments, as files of the blog's own: no reader's browser asks elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pingback_server.domain.avatars import name_of_picture

_FOLDER = "avatars"


def path_of(picture: bytes) -> str:
    """Where a picture stands, below the blog's root: the same as long as it is the same."""
    return f"{_FOLDER}/{name_of_picture(picture)}"


def write_pictures(folder: Path, pictures: Iterable[bytes]) -> None:
    """Write each picture into the output `folder`."""
    for picture in set(pictures):
        place = folder / path_of(picture)
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(picture)
