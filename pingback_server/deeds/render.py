"""Render a page of the service from the theme's templates, with the settings that Pelican has."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, TemplateNotFound

from .. import languages
from ..domain.errors import BadTemplate, PermalienError
from ..domain.posts import Blog
from ..pelican_settings import JINJA_ENVIRONMENT


def render(path: str, values: Mapping[str, object], *, blog: Blog, folder: Path) -> str:
    """What the template at `path` makes of `values`, the author's overrides first.

    `folder` is the one in which the blog lies. BadTemplate if a template cannot be read or fails.
    """
    zone = ZoneInfo(blog.timezone)
    folders = tuple(folder / place for place in blog.theme)
    try:
        return (
            _environment(folders)
            .get_template(path)
            .render(site=blog, words=lambda name: languages.words(name, zone), **values)
        )
    except PermalienError:
        raise
    except Exception as error:  # an author's own template can fail in any way
        file, line = _place(error, folders)
        shown = file.relative_to(folder) if file and file.is_relative_to(folder) else file
        said = (
            f"there is no template {error}" if isinstance(error, TemplateNotFound) else str(error)
        )
        what = f"{said or type(error).__name__} (while the service makes {path})"
        raise BadTemplate(what, str(shown) if shown else None, line) from error


class _Overrides(FileSystemLoader):
    """Templates of several folders, the first that has one: also one that has it only now."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        source, file, is_unchanged = super().get_source(environment, template)
        places = [Path(folder, template) for folder in self.searchpath]
        in_front = list(takewhile(lambda place: place != Path(file), places))
        return source, file, lambda: is_unchanged() and not any(map(Path.is_file, in_front))


@lru_cache(maxsize=4)
def _environment(folders: tuple[Path, ...]) -> Environment:
    # As in Pelican, an author's template may extend the one that it replaces: "!theme/base.html".
    theme = PrefixLoader({"!theme": FileSystemLoader(folders[-1])})
    return Environment(loader=ChoiceLoader([_Overrides(folders), theme]), **JINJA_ENVIRONMENT)


def _place(error: Exception, folders: tuple[Path, ...]) -> tuple[Path | None, int | None]:
    """The innermost line of a template at which the error came."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        if any(file.is_relative_to(folder) for folder in folders):
            return file, frame.lineno
    return None, None
