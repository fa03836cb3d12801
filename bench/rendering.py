"""What the worst comments cost to be made safe: 10 kB of each shape known to choke a parser."""

from __future__ import annotations

import time

from pingback_server.domain.markup import safe_html

LENGTH = 10_000
SHAPES = {
    "*": "*",
    "_": "_",
    "*a": "*a ",
    "**a _b": "**a _b ",
    "[": "[",
    "[a](": "[a](",
    "[a](<b": "[a](<b",
    "![[]()": "![[]()",
    "]": "]",
    "`": "` `` ``` ",
    "\\": "\\",
    "<": "<",
    "<!--": "<!--",
    "<a": "<a href='",
    "&": "&",
    "&#x": "&#x1F600;",
    "> nested": "> ",
    ">": ">",
    "- nested": "- ",
    "1. nested": "1. ",
    "lines": "a\n",
    "[a]: b": "[a]: b\n",
    "<http:": "<http://a.b>",
    "plain": "word ",
}


def measure() -> dict[str, float]:
    """Milliseconds of processor time by shape, the best of three."""
    return {name: min(_cost(shape) for _ in range(3)) for name, shape in SHAPES.items()}


def _cost(shape: str) -> float:
    text = (shape * (LENGTH // len(shape) + 1))[:LENGTH]
    begin = time.process_time()
    safe_html(text)
    return (time.process_time() - begin) * 1000
