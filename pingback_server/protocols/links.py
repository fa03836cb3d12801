"""Addresses in HTML: made whole where a text leaves its page, as the texts of feeds do."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape, unescape
from html.parser import HTMLParser
from re import Match, compile, finditer
from urllib.parse import quote, urljoin, urlsplit

_ADDRESSES = {"href", "src", "poster", "cite", "data", "action", "formaction", "longdesc"}
_PATH_SIGNS = "/%:@!$&'()*+,;=~"  # RFC 3986 §3.3
_ATTRIBUTE = compile(
    r"""(?P<name>[^\s"'<>/=]+)(?P<is>\s*=\s*)(?P<value>"[^"]*"|'[^']*'|[^\s"'=<>`]+)"""
)
_CANDIDATE = compile(r"(?P<space>[\s,]*)(?P<address>\S+)(?P<size>[^,]*)")


def with_absolute_links(html: str, base: str) -> str:
    """`html` in which every link and picture has the address it has from the page at `base`.

    Nothing else changes, not even the way an attribute is written whose address is whole already.
    """
    return _Rewriter(html, base).result


def first_picture(html: str) -> str | None:
    """The address of the first picture in `html` that is a file of its own; None without one."""
    # Most texts have none, and parsing takes a hundred times as long as looking.
    return next(_Pictures(html).found, None) if "<img" in html.lower() else None


def absolute(base: str, address: str) -> str:
    """`address` as it is meant in the page at `base`; whole ones stay as they are."""
    try:
        has_scheme = bool(urlsplit(address.strip()).scheme)
        return address if has_scheme else urljoin(base, address.strip())
    except ValueError:  # an author's misprint is shown as it stands
        return address


def as_uri(address: str) -> str:
    """The address of a page as those read it who know no letters but ASCII's (RFC 3987 §3.1)."""
    parts = urlsplit(address)
    return parts._replace(
        path=quote(parts.path, safe=_PATH_SIGNS), query=quote(parts.query, safe=_PATH_SIGNS + "?")
    ).geturl()


class _Rewriter(HTMLParser):
    """Copies its text, start tags changed where needed."""

    def __init__(self, html: str, base: str) -> None:
        super().__init__(convert_charrefs=False)
        self._html, self._base = html, base
        self._lines = [0, *(found.end() for found in finditer("\n", html))]
        self._copied = 0
        self._pieces: list[str] = []
        self.feed(html)
        self.close()
        self.result = "".join([*self._pieces, html[self._copied :]])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not any(name in _ADDRESSES or name == "srcset" for name, _ in attrs):
            return
        text = self.get_starttag_text() or ""
        line, column = self.getpos()
        begin = self._lines[line - 1] + column
        name = len(tag) + 1
        changed = text[:name] + _ATTRIBUTE.sub(self._attribute, text[name:])
        self._pieces += [self._html[self._copied : begin], changed]
        self._copied = begin + len(text)

    def _attribute(self, found: Match[str]) -> str:
        name, value = found["name"].lower(), found["value"]
        plain = unescape(value.strip("\"'") if value[0] in "\"'" else value)
        if name == "srcset":
            whole = _CANDIDATE.sub(self._candidate, plain)
        elif name in _ADDRESSES:
            whole = absolute(self._base, plain)
        else:
            return found[0]
        return found[0] if whole == plain else f'{found["name"]}="{escape(whole)}"'

    def _candidate(self, found: Match[str]) -> str:
        return f"{found['space']}{absolute(self._base, found['address'])}{found['size']}"


class _Pictures(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self._sources: list[str] = []
        self.feed(html)
        self.close()

    @property
    def found(self) -> Iterator[str]:
        return (source for source in self._sources if not source.startswith("data:"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = dict(attrs).get("src")
        if tag == "img" and source:
            self._sources.append(source)
