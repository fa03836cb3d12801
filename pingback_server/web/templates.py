"""The theme, rendered by the service with the settings that Pelican renders it with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader

from .. import languages
from ..domain.posts import Manifest
from ..pelican_settings import JINJA_ENVIRONMENT


class Theme:
    """Renders the templates in the theme's folder `service/`, author's overrides first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def render(self, template: str, blog: Manifest, language: str, **values: object) -> str:
        """The page that `service/TEMPLATE` makes in `language`, for readers."""
        return self._page(f"service/{template}", blog, language, values)

    def render_desk(self, template: str, blog: Manifest, language: str, **values: object) -> str:
        """The page that `desk/TEMPLATE` makes in `language`, for who is signed in."""
        return self._page(f"desk/{template}", blog, language, values)

    def _page(self, path: str, blog: Manifest, language: str, values: Mapping[str, object]) -> str:
        zone = ZoneInfo(blog.blog.timezone)
        folders = tuple(self._folder / place for place in blog.blog.theme)
        return (
            _environment(folders)
            .get_template(path)
            .render(
                site=blog.blog,
                lang=language,
                words=lambda name: languages.words(name, zone),
                **values,
            )
        )


@lru_cache(maxsize=4)
def _environment(folders: tuple[Path, ...]) -> Environment:
    # As in Pelican, an author's template may extend the one that it replaces: "!theme/base.html".
    theme = PrefixLoader({"!theme": FileSystemLoader(folders[-1])})
    return Environment(loader=ChoiceLoader([FileSystemLoader(folders), theme]), **JINJA_ENVIRONMENT)
