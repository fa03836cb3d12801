"""What was once made of a picture, kept under the hash of what it was made of.

The folder lies outside the output and may be removed at any time: what is missing is made again,
the same to the byte.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path


class Cache:
    """Files by the hash of a picture and a recipe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, data: bytes, recipe: str, make: Callable[[], bytes]) -> bytes:
        """What `recipe` makes of `data`; `make` is called only where it is not there yet."""
        key = hashlib.sha256(f"{recipe}\n".encode() + data).hexdigest()
        place = self._folder / key[:2] / key
        try:
            return place.read_bytes()
        except FileNotFoundError:
            made = make()
        place.parent.mkdir(parents=True, exist_ok=True)
        # A name of its own for each process: two builds may make the same at once.
        beside = place.with_name(f".{key}.{os.getpid()}")
        try:
            with beside.open("wb") as file:
                file.write(made)
                file.flush()
                # Else a power cut could leave an empty picture here, to be published for ever.
                os.fsync(file.fileno())
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)
        return made
