"""The theme of the service's pages, which are shown whatever is wrong with a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ..deeds.render import render
from ..domain.errors import BadTemplate
from ..domain.posts import Manifest
from ..pelican_settings import THEME
from ..processes import say


class Theme:
    """Renders the templates in the theme's folder `service/`, author's overrides first.

    Where one of these fails, the theme that comes with Permalien makes the page, so that nobody
    loses what was typed; what is wrong is said once, until it is another thing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._said: dict[str, str] = {}

    def render(self, template: str, blog: Manifest, language: str, **values: object) -> str:
        """The page that `service/TEMPLATE` makes in `language`, for readers."""
        return self._page(f"service/{template}", blog, {"lang": language, **values})

    def render_desk(self, template: str, blog: Manifest, language: str, **values: object) -> str:
        """The page that `desk/TEMPLATE` makes in `language`, for who is signed in."""
        return self._page(f"desk/{template}", blog, {"lang": language, **values})

    def _page(self, path: str, blog: Manifest, values: Mapping[str, object]) -> str:
        try:
            page = render(path, values, blog=blog.blog, folder=self._folder)
        except BadTemplate as broken:
            self._say_once(path, str(broken))
            shipped = replace(blog.blog, theme=(str(Path(THEME, "templates")),))
            return render(path, values, blog=shipped, folder=self._folder)
        self._said.pop(path, None)
        return page

    def _say_once(self, path: str, what: str) -> None:
        if self._said.get(path) != what:
            self._said[path] = what
            say(f"web: {what}; the page is shown without your templates")
