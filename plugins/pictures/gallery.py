"""One build's pictures: which files are shown in which post, and what becomes of each file."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from pelican.contents import Content, Static

from pingback_server.domain.errors import BuildFailed

from .cache import Cache
from .choices import Choices
from .clean import cleaned
from .copies import HIGHEST, copy_of, height_of, is_moving, recipe, widths_for
from .measure import RASTER, Unreadable, size_of, size_of_svg
from .tags import Shown, Source, dressed, with_figures

FOLDER = "pictures"
"""Where the copies stand, below the blog's root."""

# Raised whenever pictures are cleaned in another way.
_CLEANING = "clean 1"


class Gallery:
    """The pictures of a blog. `settings` are Pelican's."""

    def __init__(self, settings: dict[str, Any], choices: Choices) -> None:
        self._settings = settings
        self._choices = choices
        # From the root of the host: pages work under every name that it has.
        self._root = urlsplit(settings["SITEURL"]).path.rstrip("/")
        self._cache = Cache(Path(settings["CACHE_PATH"]).absolute() / FOLDER)
        self._files: dict[str, Static] = {}
        self._copies: dict[str, tuple[bytes, int, str]] = {}
        self._known: dict[str, Shown | None] = {}

    def dress(self, context: dict[str, Any]) -> None:
        """Give every image in the posts and pages its size, and to public ones their copies."""
        self._copies.clear()
        self._known.clear()
        statics = context["staticfiles"]
        self._files = {one.get_relative_source_path(): one for one in statics}
        for content in context["generated_content"].values():
            if content is not None and content._content and "<img" in content._content.lower():
                self._dress(content)

    def write(self, output: Path) -> None:
        """Write the copies, and in the place of each published picture one that tells nothing."""
        for name, (data, width, kind) in sorted(self._copies.items()):
            _write(output / FOLDER / name, self._copy(data, width, kind))
        for static in self._files.values():
            if PurePosixPath(static.save_as.lower()).suffix not in RASTER:
                continue
            clean = self._cleaned(Path(str(static.source_path)))
            if static.status != "draft":
                _write(output / static.save_as, clean)
            else:
                static.cleaned = clean  # type: ignore[attr-defined]  # plugins/drafts keeps it

    def _cleaned(self, source: Path) -> bytes:
        data = source.read_bytes()
        try:
            return self._cache.get(data, _CLEANING, lambda: cleaned(data))
        except Unreadable as error:
            raise BuildFailed(
                f"cannot be published, since {error}, and so nothing that a camera may have "
                "written into it can be taken out; export it again, or move it out of content/",
                str(source),
            ) from error

    def _dress(self, content: Content) -> None:
        is_public = getattr(content, "status", "published") != "draft"

        def look_up(address: str) -> Shown | None:
            static = self._static(address, content)
            return self._shown(static, is_public) if static else None

        content._content = dressed(with_figures(content._content), look_up)

    def _static(self, address: str, content: Content) -> Static | None:
        """The picture of the blog that stands, or will stand, at `address`."""
        address = unquote(address)
        for mark in ("{static}", "|static|"):
            if address.startswith(mark) and address != mark:
                path = address.removeprefix(mark)
                beside = os.path.join(content.relative_dir, path)
                place = path[1:] if path[0] == "/" else content.get_relative_source_path(beside)
                return self._files.get(str(place))
        try:
            there, site = urlsplit(address), urlsplit(self._settings["SITEURL"])
        except ValueError:  # an author's misprint
            return None
        if there.netloc not in ("", site.netloc) or not there.path.startswith("/"):
            return None
        # A static file stands where its source does, unless a post attaches it.
        return self._files.get(there.path.removeprefix(site.path).lstrip("/"))

    def _shown(self, static: Static, is_public: bool) -> Shown | None:
        source = str(static.source_path)
        key = f"{is_public} {source}"
        if key not in self._known:
            # A draft's pictures move with it, and it has to name them as its author did.
            address = f"{self._root}/{static.url}" if is_public else None
            self._known[key] = self._measured(source, address, is_public)
        return self._known[key]

    def _measured(self, source: str, address: str | None, is_public: bool) -> Shown | None:
        data = Path(source).read_bytes()
        ending = PurePosixPath(source.lower()).suffix
        if ending == ".svg":
            size = size_of_svg(data)
            return Shown(address, *size) if size else None
        if ending not in RASTER:
            return None
        try:
            size = size_of(data)
            has_copies = is_public and ending != ".gif" and not is_moving(data)
        except Unreadable:
            return None  # the build ends when it comes to be published
        sources = self._sources(source, data, size) if has_copies else ()
        return Shown(address, *size, sources)

    def _sources(self, source: str, data: bytes, size: tuple[int, int]) -> tuple[Source, ...]:
        stem = PurePosixPath(source).stem
        mark = hashlib.sha256(data).hexdigest()[:8]
        sources = []
        for kind in self._choices.formats:
            copies = []
            for width in widths_for(size, self._choices.widths):
                if height_of(size, width) > HIGHEST:
                    continue
                name = f"{_plain(stem)}-{mark}-{width}.{kind}"
                self._copies[name] = data, width, kind
                copies.append((f"{self._root}/{FOLDER}/{name}", width))
            if copies:
                sources.append(Source(f"image/{kind}", tuple(copies)))
        return tuple(sources)

    def _copy(self, data: bytes, width: int, kind: str) -> bytes:
        quality = self._choices.quality
        how = recipe(width, kind, quality)
        try:
            return self._cache.get(data, how, lambda: copy_of(data, width, kind, quality))
        except Unreadable as error:
            raise BuildFailed(f"a picture cannot be made smaller: {error}") from error


def _plain(stem: str) -> str:
    """The name as a part of an address that needs no escaping."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in stem)


def _write(place: Path, data: bytes) -> None:
    """Put `data` there; what is there may be a link to the author's own file."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.write_bytes(data)
