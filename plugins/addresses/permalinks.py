"""`PERMALINKS`: the form of a post's address that the author chose, as Pelican's settings."""

from __future__ import annotations

from typing import Any

from pelican.contents import Content

from pingback_server import pelican_settings
from pingback_server.domain.errors import BadSetting

# Each form, as Pelican writes an address.
FORMS = {
    "/YYYY/MM/DD/slug/": "{date:%Y}/{date:%m}/{date:%d}/{slug}/",
    "/YYYY/MM/slug/": "{date:%Y}/{date:%m}/{slug}/",
    "/slug/": "{slug}/",
    "/?p=N": "?p={number}",
}
BY_NUMBER = "/?p=N"
_OURS = ("ARTICLE_URL", "ARTICLE_SAVE_AS", "ARTICLE_LANG_URL", "ARTICLE_LANG_SAVE_AS")


def apply_permalinks(settings: dict[str, Any]) -> None:
    """Have Pelican give posts addresses of the form `PERMALINKS`.

    An author who set any of Pelican's own four settings for that has chosen already. BadSetting
    for a form that is none of `FORMS`.
    """
    form = settings.get("PERMALINKS")
    if form not in FORMS:
        raise BadSetting(
            f"pelicanconf.py: PERMALINKS has to be one of {', '.join(map(repr, FORMS))}, "
            f"not {form!r}"
        )
    if all(settings[key] == getattr(pelican_settings, key) for key in _OURS):
        settings.update(_settings_of(form))


def date_by_the_blog(content: Content) -> None:
    """Have the days of `content` be those of the blog's zone, whatever zone its head names.

    Addresses and archives are made of them, and pages show those days.
    """
    for name in ("date", "modified"):
        if at := getattr(content, name, None):
            setattr(content, name, at.astimezone(content.timezone))


def name_the_language(content: Any) -> None:
    """Have `content` call its language as the blog does: `Lang: FR` is that of a blog in `fr`, and
    so is `en` that of one in `en-GB`. Another is a tag of BCP 47: `pt_BR` is `pt-BR`.
    """
    own = str(content.settings["DEFAULT_LANG"])
    first, *others = str(content.lang).strip().replace("_", "-").split("-")
    tag = "-".join((first.lower(), *others))
    content.in_default_lang = tag.lower() in {own.lower(), own.split("-")[0].lower()}
    content.lang = own if content.in_default_lang else tag


def _settings_of(form: str) -> dict[str, str]:
    """A post in another language than the blog's stands below that language: `/en/…`."""
    url = FORMS[form]
    page = "p/{number}/index.html" if form == BY_NUMBER else f"{url}index.html"
    return dict(zip(_OURS, (url, page, "{lang}/" + url, "{lang}/" + page), strict=True))
