"""The demo blog's own choices; `permalien init` writes one like it for a new blog."""

import os

from pingback_server.pelican_settings import *  # noqa: F403

SITENAME = "Permalien"
SITESUBTITLE = "Ce que l’on écrit, et ce que l’on répond"
AUTHOR = "Camille"
SITEURL = f"http://localhost:{os.environ.get('PORT') or 8000}"
DEFAULT_LANG = "fr"
DEFAULT_CATEGORY = "Non classé"
TIMEZONE = "Europe/Paris"
MENUITEMS = [("Archives", "/archives/")]

DISCUSSION = {
    "close_after_days": 90,
}
