"""The blog itself, as every template and the service know it: made of Pelican's settings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pelican.contents import Page
from pelican.generators import ArticlesGenerator, PagesGenerator
from pelican.settings import DEFAULT_CONFIG

from pingback_server import pelican_settings
from pingback_server.domain.blog_settings import (
    check_choices,
    check_names,
    check_site_url,
    zone_named,
)
from pingback_server.domain.errors import BadSetting
from pingback_server.domain.posts import Blog, Link
from pingback_server.languages import languages

_ENGINE_S = {name for name in vars(pelican_settings) if name.isupper()}


def check_site(settings: dict[str, Any], data: Path) -> None:
    """BadSetting for what no blog can be built with; `data` is the folder of the service's data."""
    # What Pelican asks for of each page that is a template alone (`generate_direct_templates`).
    direct = (name.upper() for name in settings["DIRECT_TEMPLATES"])
    places = {f"{name}_{what}" for name in direct for what in ("SAVE_AS", "URL")}
    known = {*DEFAULT_CONFIG, *_ENGINE_S, *places}
    check_names((name for name in settings if name.isupper()), known)
    check_site_url(settings["SITEURL"])
    zone_named(settings.get("TIMEZONE", "UTC"))
    check_choices(settings, {"en", *languages()})
    output, content = (Path(settings[name]).resolve() for name in ("OUTPUT_PATH", "PATH"))
    for place in (content, data):
        if place.is_relative_to(output):
            raise BadSetting(
                f"pelicanconf.py: OUTPUT_PATH is {output}: {place} would be public with it; name "
                "a folder beside it"
            )
    if data.is_relative_to(content) or content.is_relative_to(data):
        raise BadSetting(
            f"PERMALIEN_VAR is {data}, but your sources lie in {content}: name a folder for the "
            "data alone"
        )
    if output.is_relative_to(content):
        raise BadSetting(
            f"pelicanconf.py: OUTPUT_PATH is {output}: pages would lie among your sources in "
            f"{content}; name a folder beside them"
        )


def read_blog(
    settings: dict[str, Any], folder: Path, articles: ArticlesGenerator, pages: PagesGenerator
) -> Blog:
    """The blog that lies in `folder`. BadSetting for a LEGAL_PAGE that is no page."""
    url = settings["SITEURL"].rstrip("/")
    legal = _legal(settings, pages)
    listed = [_link(page) for page in pages.pages]
    menu = [link for link in listed if legal is None or link.path != legal.path]
    menu += [Link(title, address) for title, address in settings.get("MENUITEMS", ())]
    themes = [*settings["THEME_TEMPLATES_OVERRIDES"], Path(settings["THEME"]) / "templates"]
    spoken = sorted({article.lang for article in (*articles.articles, *articles.translations)})
    return Blog(
        name=settings["SITENAME"],
        url=url,
        path=urlsplit(url).path,
        author=settings.get("AUTHOR", settings["SITENAME"]),
        language=settings["DEFAULT_LANG"],
        timezone=settings.get("TIMEZONE", "UTC"),
        theme=tuple(place_in(folder, theme) for theme in themes),
        output=place_in(folder, settings["OUTPUT_PATH"]),
        menu=tuple(menu),
        description=settings.get("SITESUBTITLE", ""),
        legal=legal,
        contact=_with_template("contact", pages.pages),
        languages=tuple(dict.fromkeys([settings["DEFAULT_LANG"], *spoken])),
        embeds=tuple(settings.get("EMBEDS_ALLOWED", ())),
        content=place_in(folder, settings["PATH"]),
        is_numbered=settings.get("PERMALINKS") == "/?p=N",
    )


def place_in(folder: Path, path: str | Path) -> str:
    """The path as the service reads it: from the blog's `folder`, if it lies inside."""
    place = (folder / path).resolve()
    return str(place.relative_to(folder) if place.is_relative_to(folder) else place)


def _legal(settings: dict[str, Any], pages: PagesGenerator) -> Link | None:
    """The page with the legal notice: LEGAL_PAGE names its slug, or its template says so."""
    slug = settings.get("LEGAL_PAGE", "")
    named = [_link(page) for page in pages.pages if page.slug == slug]
    if slug and not named:
        raise BadSetting(f"pelicanconf.py: LEGAL_PAGE: no page has the slug {slug!r}")
    return named[0] if named else _with_template("legal", pages.pages)


def _with_template(template: str, pages: Iterable[Page]) -> Link | None:
    return next((_link(page) for page in pages if page.metadata.get("template") == template), None)


def _link(page: Any) -> Link:
    others = tuple(Link(other.title, f"/{other.url}", other.lang) for other in page.translations)
    return Link(page.title, f"/{page.url}", page.lang, others)
