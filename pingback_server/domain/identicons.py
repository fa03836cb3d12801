"""A small drawing that goes with a name: the same in every build, on this blog alone."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from itertools import groupby

SIDE = 5
"""How many squares wide and high a drawing is; its right half mirrors its left."""


def identicon(secrets: Sequence[str], name: str, url: str) -> str:
    """The drawing of who writes under this `name` and `url`, as the path of an SVG.

    Its lines are one square wide. The newest secret keys it: nobody else can tell which drawing a
    name has, or make it elsewhere; it says nothing that the page does not say in words.
    """
    said = f"identicon\n{name.casefold().strip()}\n{url}"
    digest = hmac.digest(secrets[0].encode(), said.encode(), hashlib.sha256)
    return "".join(_line(y, _squares(digest[y])) for y in range(SIDE))


def _squares(byte: int) -> list[bool]:
    """Which squares of a line are filled."""
    half = [bool(byte >> x & 1) for x in range((SIDE + 1) // 2)]
    return [*half, *half[-2::-1]]


def _line(y: int, squares: list[bool]) -> str:
    """One line of the drawing: where it begins, and its strokes."""
    path, x, at = "", 0, None
    for is_filled, run in groupby(squares):
        length = len(list(run))
        if is_filled:
            path += f"M{x} {y}h{length}" if at is None else f"m{x - at} 0h{length}"
            at = x + length
        x += length
    return path
