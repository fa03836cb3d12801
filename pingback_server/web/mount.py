"""A blog whose SITEURL has a path (https://example.org/blog) has all its addresses below it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..domain.errors import NotPublished
from ..manifest import PublishedBlog
from .service import IN_ENVIRON

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class UnderBlogPath:
    """WSGI middleware that takes the blog's path off each request's, and has it carry the blog."""

    def __init__(self, app: WSGIApplication, published: PublishedBlog) -> None:
        self._app, self._published = app, published

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            blog = environ[IN_ENVIRON] = self._published()
        except NotPublished:
            return self._app(environ, start_response)
        prefix = blog.blog.path
        if prefix and f"{environ['PATH_INFO']}/".startswith(f"{prefix}/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
            environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix(prefix)
        return self._app(environ, start_response)
