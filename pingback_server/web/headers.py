"""The headers of every answer: what a browser may do with it, and who may keep it."""

from __future__ import annotations

from flask import Response, request

from ..domain.errors import NotPublished
from .service import service

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        # Nothing in a page connects; tools that judge it read its robots.txt from within.
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# A preview alone has a script: the one that reloads the page (web/preview.py).
POLICY_OF_PREVIEW = f"{POLICY}; script-src 'self'"
_PICTURES = "img-src 'self' data:"
_HEALTH = {"/healthz", "/readyz"}


def _policy() -> str:
    """The policy of this blog: hosts that its author allows may show frames and pictures."""
    here = service()
    policy = POLICY_OF_PREVIEW if here.is_preview else POLICY
    try:
        hosts = " ".join(here.blog().blog.embeds)
    except NotPublished:
        hosts = ""
    if not hosts:
        return policy
    allowed = f"{_PICTURES} {hosts}; frame-src {hosts}; media-src 'self' {hosts}"
    return policy.replace(_PICTURES, allowed)


def add_headers(response: Response) -> Response:
    """Pages run no script and load nothing from elsewhere; answers of the service are not kept."""
    headers = response.headers
    headers["Content-Security-Policy"] = _policy()
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    is_published = not (request.path.startswith("/-/") or request.path in _HEALTH)
    # A feed reader shows a post's pictures on pages of its own.
    headers["Cross-Origin-Resource-Policy"] = "cross-origin" if is_published else "same-origin"
    if request.path.startswith("/-/"):
        headers["Cache-Control"] = "no-store"
        headers["X-Robots-Tag"] = "noindex"
        # A receipt's address is its writer's alone: it is told to no other site.
        headers["Referrer-Policy"] = "same-origin"
    else:
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        headers.setdefault("Cache-Control", "no-store")  # pages say themselves how they are kept
    return response
