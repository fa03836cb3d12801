"""The headers of every answer: what a browser may do with it, and who may keep it."""

from __future__ import annotations

from functools import lru_cache

from flask import Response, request

from ..domain.errors import NotPublished
from .service import service

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        # Nothing in a page connects; tools that judge it read its robots.txt from within.
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# A preview alone has a script: the one that reloads the page (web/preview.py).
POLICY_OF_PREVIEW = f"{POLICY}; script-src 'self'"
# The desk has a script of its own, which makes no markup but through one policy; nothing else.
POLICY_OF_DESK = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types desk",
    )
)
TWO_YEARS = "max-age=63072000"
# What also takes the hosts that an author allows.
_SHOWN = ("img-src 'self' data:", "media-src 'self'")
_HEALTH = {"/healthz", "/readyz"}


def add_headers(response: Response) -> Response:
    """Pages run no script and load nothing from elsewhere; answers of the service are not kept."""
    here, headers, path = service(), response.headers, request.path
    try:
        blog = here.blog().blog
        hosts, is_secure = blog.embeds, blog.url.startswith("https://")
    except NotPublished:
        hosts, is_secure = (), False
    is_desk = f"{path}/".startswith("/-/desk/")
    policy = POLICY_OF_DESK if is_desk else policy_for(hosts, is_preview=here.is_preview)
    is_ours = path.startswith("/-/")
    # A feed reader shows a post's pictures on pages of its own; no page stands in another.
    is_shared = not is_ours and path not in _HEALTH and response.mimetype != "text/html"
    headers.extend(_of_kind(policy, is_ours=is_ours, is_shared=is_shared, is_secure=is_secure))
    if is_ours:
        headers["Cache-Control"] = "no-store"
    else:
        headers.setdefault("Cache-Control", "no-store")  # pages say themselves how they are kept
    return response


@lru_cache(maxsize=16)
def _of_kind(
    policy: str, *, is_ours: bool, is_shared: bool, is_secure: bool
) -> tuple[tuple[str, str], ...]:
    """What no view says by itself, for one kind of answer."""
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if is_shared else "same-origin",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }
    if is_ours:
        # A receipt's address is its writer's alone: it is told to no other site.
        headers["Referrer-Policy"] = "same-origin"
        headers["X-Robots-Tag"] = "noindex"
    if is_secure:
        # Whoever was here once comes by TLS: RFC 6797; over plain HTTP a browser passes it over.
        headers["Strict-Transport-Security"] = TWO_YEARS
    return tuple(headers.items())


@lru_cache(maxsize=8)
def policy_for(hosts: tuple[str, ...], *, is_preview: bool) -> str:
    """The policy of this blog: hosts that its author allows may show frames, films, pictures."""
    policy = POLICY_OF_PREVIEW if is_preview else POLICY
    if not hosts:
        return policy
    named = " ".join(hosts)
    for directive in _SHOWN:
        policy = policy.replace(directive, f"{directive} {named}")
    return f"{policy}; frame-src {named}"
