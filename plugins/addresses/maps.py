"""The former addresses as nginx and Caddy read them: one line each (docs/deploy.md)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import quote

_HEAD = "# Former addresses and where they lead. Each build of the blog writes this file anew.\n"


def for_nginx(moved: Mapping[str, str], root: str, live: Collection[str]) -> str:
    """The lines of a `map` block. `root` is the blog's own path; `live` are addresses of today.

    nginx compares such lines without regard to case. Where that would catch another address too,
    the line is an expression, which has regard to it.
    """
    seen = Counter(address.lower() for address in {*moved, *live})
    lines = []
    for address, path in sorted(moved.items()):
        target = f'"{root}{_quoted(path)}";'
        if seen[address.lower()] > 1:
            lines.append(f'"~^{re.escape(root + address)}/?$" {target}')
        else:
            lines += [f'"{root}{written}" {target}' for written in _spellings(address)]
    return _HEAD + "".join(f"{line}\n" for line in lines)


def for_caddy(moved: Mapping[str, str], root: str) -> str:
    """The lines of a `map` block; the first is never left out, since Caddy wants one."""
    lines = ['default ""']
    for address, path in sorted(moved.items()):
        lines += [f'"{root}{it}" "{root}{_quoted(path)}"' for it in _spellings(address)]
    return _HEAD + "".join(f"{line}\n" for line in lines)


def _spellings(address: str) -> Iterator[str]:
    yield address
    if "?" not in address and not re.search(r"\.html?$", address):
        yield f"{address}/"


def _quoted(path: str) -> str:
    """The path as a Location header takes it; no sign in it means anything to a web server."""
    return quote(path, safe="/?=&%:@!*,+~")
