"""The pages of the service, made once while Pelican builds: an author's templates are in them."""

from __future__ import annotations

from pathlib import Path

from pingback_server.deeds.render import render
from pingback_server.domain.form_of_page import FormOfPage
from pingback_server.domain.posts import Manifest

_TYPED = {"author": "", "email": "", "url": "", "comment": "", "remember": False}


def rehearse(manifest: Manifest, folder: Path) -> None:
    """BadTemplate if the author's templates fail where the service uses them, later on.

    `folder` is the one in which the blog lies. The theme alone is known to do.
    """
    if len(manifest.blog.theme) == 1:
        return
    form = FormOfPage("/-/comments", "", manifest)
    asked = {"kind": "invalid", "post": None, "parent": None, "values": _TYPED, "problems": {}}
    for path, values in (
        ("service/message.html", {"title": "", "text": ""}),
        ("service/form.html", {"form": form, **asked}),
    ):
        lang = manifest.blog.language
        render(path, {"lang": lang, **values}, blog=manifest.blog, folder=folder)
