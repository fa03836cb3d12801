"""Former addresses: by which paths a post was known, and what a request for one asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_INDEX = re.compile(r"/index\.html?$")


def plain(path: str) -> str:
    """`path` without what makes no difference: `/old/`, `/old/index.html` and `/old` are one."""
    return "/" + _INDEX.sub("/", path).strip("/")


def former_addresses(
    path: str, aliases: Sequence[str], number: int | None, file: str = ""
) -> Iterator[str]:
    """The addresses other than `path` under which a post is looked for, in plain form.

    They are its `aliases`, its `number`, and the place of its `file` where the address itself is a
    query (`/?p=12`), which no folder can be named after.
    """
    for alias in aliases:
        yield plain(alias)
    if number is not None and path != by_number(number):
        yield by_number(number)
    if "?" in path and file:
        yield plain(f"/{file}")


def by_number(number: int | str) -> str:
    """The address by which a post with that number is found on every blog."""
    return f"/?p={number}"
