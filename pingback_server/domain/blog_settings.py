"""The blog's other choices in pelicanconf.py, checked by their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import BadSetting
from .form import is_web_address

# Of Pelican and of themes, although neither has a default for them.
_KNOWN = {
    *("AUTHOR", "AUTHORS", "AUTHORS_URL", "DRAFTS_URL", "FEED_ATOM", "FEED_DOMAIN", "FEED_RSS"),
    *("LEGAL_PAGE", "MENUITEMS", "PAGES_URL", "SITESUBTITLE", "SOCIAL", "TAGS_URL", "TIMEZONE"),
    "TRANSLATION_FEED_RSS",
}
_AS_LIKE_AS_A_SLIP = 0.9


def check_site_url(given: object) -> None:
    """BadSetting for a SITEURL that is no address of a blog."""
    is_address = isinstance(given, str) and is_web_address(given)
    if not is_address or urlsplit(str(given)).query or urlsplit(str(given)).fragment:
        raise BadSetting(
            "pelicanconf.py: SITEURL has to be the blog's public address, such as "
            f"https://blog.example.org, not {given!r}"
        )
    path = urlsplit(str(given)).path
    if not path.isascii() or "%" in path:
        raise BadSetting(
            "pelicanconf.py: the path of SITEURL has to do without accents and %, which browsers "
            f"write in several ways; name a folder such as /blog, not {path!r}"
        )


def zone_named(given: object) -> ZoneInfo:
    """The zone that TIMEZONE names. BadSetting if there is none of that name."""
    try:
        return ZoneInfo(given)  # type: ignore[arg-type]  # what it is, is seen here
    except (OSError, TypeError, ValueError, ZoneInfoNotFoundError):
        raise BadSetting(
            f"pelicanconf.py: TIMEZONE has to be a name such as Europe/Paris, not {given!r}"
        ) from None


def check_choices(given: Mapping[str, Any], languages: Collection[str]) -> None:
    """BadSetting for a value that this blog cannot be built with, by its name.

    `languages` are those that have words.
    """
    language, longest = given["DEFAULT_LANG"], given["FEED_MAX_ITEMS"]
    if not isinstance(language, str) or language.partition("-")[0] not in languages:
        known = " or ".join(map(repr, sorted(languages)))
        raise BadSetting(f"pelicanconf.py: DEFAULT_LANG has to be {known}, not {language!r}")
    if longest is not None and (type(longest) is not int or longest < 1):
        raise BadSetting(
            f"pelicanconf.py: FEED_MAX_ITEMS has to be a whole number from 1 on, not {longest!r}"
        )
    for name, example in (
        ("SOCIAL", '[("Mastodon", "https://…")]'),
        ("MENUITEMS", '[("Archives", "/archives/")]'),
    ):
        links = given.get(name) or ()
        is_list = isinstance(links, Collection) and not isinstance(links, str | Mapping)
        if not is_list or not all(map(_is_link, links)):
            raise BadSetting(
                f"pelicanconf.py: {name} has to be a list of names and addresses, as in "
                f"{example}, not {links!r}"
            )


def _is_link(given: object) -> bool:
    is_pair = isinstance(given, list | tuple) and len(given) == 2
    return is_pair and all(isinstance(part, str) for part in given)  # type: ignore[attr-defined]


def check_names(given: Iterable[str], known: Iterable[str]) -> None:
    """BadSetting for names that are so like one of those `known` that they are meant for it.

    All others may be the author's own, for templates and plugins of theirs.
    """
    names = _KNOWN | set(known)
    slips = []
    for name in sorted(set(given) - names):
        near = get_close_matches(name, names, n=1, cutoff=_AS_LIKE_AS_A_SLIP)
        if near and abs(len(near[0]) - len(name)) < 2:
            slips.append(f"{name} is not a setting (did you mean {near[0]}?)")
    if slips:
        raise BadSetting("pelicanconf.py: " + "; ".join(slips))
