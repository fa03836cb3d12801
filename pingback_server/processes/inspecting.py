"""Has Pelican build a blog for nobody, and the plugin `inspection` look at what would be live."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ..domain.findings import Finding
from .building import Build, Order, build_with_pelican

REPORT = "PERMALIEN_INSPECTION"
"""The environment names by it, to the build, the file in which the findings are left."""


def inspect_with_pelican(
    order: Order, environment: Mapping[str, str], *, database_url: str
) -> tuple[Build, list[Finding]]:
    """A build of the blog in `order` beside its data, which is removed again, and its findings.

    It reads what was said from `database_url`, and changes nothing that is live. BuildFailed.
    """
    order.data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".check-", dir=order.data) as name:
        folder = Path(name)
        given = {
            **environment,
            REPORT: str(folder / "findings.json"),
            # The list of posts, the drafts and the maps that a build leaves go here as well.
            "PERMALIEN_VAR": str(folder),
            "PERMALIEN_DATABASE_URL": database_url,
        }
        given.pop("PERMALIEN_DATABASE_URL_FILE", None)
        trial = replace(order, data=folder, output=folder / "pages")
        built = build_with_pelican(trial, given)
        told = json.loads((folder / "findings.json").read_text("utf-8"))
        return built, [Finding(**one) for one in told]
