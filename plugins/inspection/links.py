"""Links of posts that lead nowhere in the blog: no such page, file, or anchor in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from pingback_server.domain.findings import Finding
from pingback_server.domain.posts import Blog

from .sources import NOT_PUBLIC, Places, Source
from .texts import read_text

# What our server answers by itself.
_SERVICE = ("-/", "healthz", "readyz")


class Links:
    """The pages as they lie in the folder `output`, and what is written but not public."""

    def __init__(self, site: Blog, output: Path, contents: Iterable[Any]) -> None:
        self._site, self._output = site, output
        contents = list(contents)
        self._unpublished = {_path_of(one.url) for one in contents if one.status in NOT_PUBLIC}
        self._numbers = {getattr(one, "number", None) for one in contents}
        self._ids: dict[Path, set[str]] = {}

    def broken_in(self, source: Source) -> Iterator[Finding]:
        """A finding for each link of the text that leads nowhere."""
        written = read_text(source.content._content or "").links
        shown = read_text(source.content.content or "").links
        places = Places(source)
        for said, link in zip(written, shown, strict=False):
            line = places.line_of(said)
            here, is_public = source.content.url, source.is_public
            if problem := self.problem(link, here, is_public=is_public):
                yield Finding(problem, source.file, line)

    def problem(self, link: str, here: str = "", *, is_public: bool = True) -> str | None:
        """Why `link`, in the page at `here` below the blog's root, leads nowhere; else None."""
        if link.startswith(("{", "|")):
            return f"there is no {link}: a path begins at content/ with /, else at this file"
        try:
            there = urlsplit(urljoin(f"{self._site.url}/{here}", link))
        except ValueError:
            return f"{link} is no address"
        if there.netloc != urlsplit(self._site.url).netloc or there.scheme not in (
            "http",
            "https",
            "",
        ):
            return None
        path = unquote(there.path)
        if not f"{path}/".startswith(f"{self._site.path}/"):
            return None
        path = path.removeprefix(self._site.path).lstrip("/")
        if path.startswith(_SERVICE):
            return None
        if not path and (number := parse_qs(there.query).get("p")):
            is_known = number[0] in map(str, self._numbers)
            return None if is_known else f"no post has the number {number[0]}"
        return self._problem_at(path, unquote(there.fragment), is_public)

    def _problem_at(self, path: str, fragment: str, is_public: bool) -> str | None:
        if _path_of(path) in self._unpublished:
            return f"/{path} is not public yet" if is_public else None
        file = self._output / path
        if file.is_dir():
            file = file / "index.html"
        if not file.is_file():
            return f"/{path} leads nowhere: there is no such page or file"
        is_page = file.suffix in (".html", ".htm")
        if not fragment or not is_page or fragment == "top" or fragment.startswith(":~:"):
            return None
        is_there = fragment in self._anchors(file)
        return None if is_there else f"/{path} has no place #{fragment}"

    def _anchors(self, file: Path) -> set[str]:
        if file not in self._ids:
            self._ids[file] = read_text(file.read_text("utf-8")).ids
        return self._ids[file]


def _path_of(url: str) -> str:
    return url.lstrip("/").removesuffix("index.html").rstrip("/")
