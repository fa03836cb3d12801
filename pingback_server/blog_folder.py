"""Which folder is the blog's when Pelican builds: that of its pelicanconf.py, not of PATH."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from .domain.errors import BadSetting


def folder_of_build(environment: Mapping[str, str]) -> Path:
    """The folder of the blog that is being built: PERMALIEN_BLOG, which our own builds set.

    For a `pelican` run by hand it is that of the pelicanconf.py which it has loaded. BadSetting if
    it has loaded none: a guess could begin a second database beside the true one.
    """
    if named := environment.get("PERMALIEN_BLOG"):
        return Path(named).resolve()
    file: str | None = getattr(sys.modules.get("pelicanconf"), "__file__", None)
    if file is None:
        raise BadSetting(
            "PERMALIEN_BLOG has to name the blog's folder, since Pelican's settings are not in a "
            "pelicanconf.py"
        )
    return Path(file).parent.resolve()
