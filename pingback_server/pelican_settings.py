"""What a blog's pelicanconf.py begins with: `from pingback_server.pelican_settings import *`.

The engine's own choices, so that an upgrade brings new ones without touching the author's file.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined

_HERE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """A folder that a wheel carries inside the package and a checkout at its top."""
    inside = _HERE / name
    return inside if inside.is_dir() else _HERE.parent / name


THEME = str(_shipped("theme"))
# The names that an author's own templates may count on (docs/theme.md); a new number when one goes.
THEME_CONTRACT = 1
PLUGIN_PATHS = [str(_shipped("plugins"))]
PLUGINS = [
    "front_matter",
    "embeds",
    "discussion",
    "addresses",
    "drafts",
    "neighbours",
    "shelves",
    "tables",
    "tasks",
    "callouts",
    "feeds",
    "crawlers",
    "linked_data",
    "pictures",
    "excerpts",
    "inspection",
]
# Those that the theme cannot do without; the press says so where one was left out.
THEME_NEEDS = ("discussion", "linked_data")

# Pelican imports the class by its name before it looks at PLUGIN_PATHS.
if PLUGIN_PATHS[0] not in sys.path:
    sys.path.append(PLUGIN_PATHS[0])
PELICAN_CLASS = "press.Press"

# The service renders the theme with the same settings (deeds/render.py).
JINJA_ENVIRONMENT: dict[str, Any] = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "extensions": [],
}

# The form of a post's address; the plugin `addresses` knows four. It stands below /en/ for a post
# in another language than the blog's. Who sets one of Pelican's own four settings is left alone.
PERMALINKS = "/YYYY/MM/DD/slug/"
ARTICLE_URL = "{date:%Y}/{date:%m}/{date:%d}/{slug}/"
ARTICLE_LANG_URL = "{lang}/" + ARTICLE_URL
PAGE_URL = "{slug}/"
PAGE_LANG_URL = "{lang}/" + PAGE_URL
CATEGORY_URL = "category/{slug}/"
TAG_URL = "tag/{slug}/"
AUTHOR_URL = "author/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_URL + "index.html"
ARTICLE_LANG_SAVE_AS = ARTICLE_LANG_URL + "index.html"
PAGE_SAVE_AS = PAGE_URL + "index.html"
PAGE_LANG_SAVE_AS = PAGE_LANG_URL + "index.html"
CATEGORY_SAVE_AS = CATEGORY_URL + "index.html"
TAG_SAVE_AS = TAG_URL + "index.html"
AUTHOR_SAVE_AS = AUTHOR_URL + "index.html"
DIRECT_TEMPLATES = ["index", "categories", "tags", "authors", "archives", "404"]
CATEGORIES_SAVE_AS = "categories/index.html"
TAGS_SAVE_AS = "tags/index.html"
AUTHORS_SAVE_AS = "authors/index.html"
ARCHIVES_SAVE_AS = "archives/index.html"
YEAR_ARCHIVE_URL = "{date:%Y}/"
MONTH_ARCHIVE_URL = YEAR_ARCHIVE_URL + "{date:%m}/"
YEAR_ARCHIVE_SAVE_AS = YEAR_ARCHIVE_URL + "index.html"
MONTH_ARCHIVE_SAVE_AS = MONTH_ARCHIVE_URL + "index.html"
DEFAULT_PAGINATION = 10
PAGINATION_PATTERNS = [
    (1, "{url}", "{save_as}"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
]

# A draft is public nowhere; a post dated in the future becomes public at its instant.
DRAFT_SAVE_AS = DRAFT_LANG_SAVE_AS = DRAFT_PAGE_SAVE_AS = DRAFT_PAGE_LANG_SAVE_AS = ""
WITH_FUTURE_DATES = False

FEED_ALL_ATOM = "feeds/all.atom.xml"
FEED_ALL_RSS = "feeds/all.rss.xml"
FEED_ALL_JSON = "feeds/all.json"
CATEGORY_FEED_ATOM = CATEGORY_FEED_RSS = TAG_FEED_ATOM = TAG_FEED_RSS = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
# "refused" asks the crawlers of AI companies to stay away, in robots.txt.
AI_CRAWLERS = "allowed"

PATH = "content"
OUTPUT_PATH = "output"
STATIC_PATHS = ["images"]
# How smaller copies of pictures are made: {} is plugins/pictures/choices.py's own.
PICTURES: dict[str, Any] = {}
# Hosts whose frames, films and pictures a post may show; what comes from others becomes a link.
EMBEDS_ALLOWED: tuple[str, ...] = ()
DEFAULT_CATEGORY = "Uncategorized"
# Pages must not depend on the machine's language: the theme writes dates by itself.
LOCALE = ["C"]
DISCUSSION: dict[str, Any] = {}


def _heading_id(text: str, separator: str) -> str:
    """The anchor of a heading; in front of it stands what keeps it apart from the theme's own."""
    from markdown.extensions.toc import slugify  # the service reads these settings without it

    return f"section{separator}{slugify(text, separator)}"


# What writers who come from Hugo, Jekyll and GitHub expect (docs/writing.md). Sub- and superscript
# by ~ and ^, smileys and typographic quotes are left out: they would change a French text.
MARKDOWN: dict[str, Any] = {
    "extension_configs": {
        "markdown.extensions.admonition": {},
        "markdown.extensions.extra": {},
        "markdown.extensions.meta": {},
        "markdown.extensions.toc": {"slugify": _heading_id},
        "pymdownx.details": {},
        "pymdownx.highlight": {
            "css_class": "highlight",
            "guess_lang": False,
            "linenums_style": "inline",
        },
        "pymdownx.magiclink": {},
        "pymdownx.mark": {},
        "pymdownx.quotes": {"callouts": True},
        "pymdownx.superfences": {},
        "pymdownx.tasklist": {},
        "pymdownx.tilde": {"subscript": False},
    },
    "output_format": "html5",
}
