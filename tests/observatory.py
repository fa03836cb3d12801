"""How Mozilla's HTTP Observatory scores headers, for a site that is reached by TLS alone.

From the tables that its makers publish: a site begins with 100 points. What is wrong is taken off;
what is more than asked for is added only where 90 are left. Scripts and redirections are not looked
at: the pages have none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

BROAD = {"*", "http:", "https:", "ftp:", "http://*", "https://*", "http://*.*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SIX_MONTHS = 15_552_000


def score(headers: Mapping[str, str]) -> int:
    """The points of an answer with these headers; 100 and more is A+."""
    points = list(modifiers(headers).values())
    without_bonus = 100 + sum(point for point in points if point < 0)
    return 100 + sum(points) if without_bonus >= 90 else max(without_bonus, 0)


def modifiers(headers: Mapping[str, str]) -> dict[str, int]:
    """What each of the tests adds or takes."""
    given = {name.lower(): value.strip() for name, value in headers.items()}
    policy = directives(given.get("content-security-policy", ""))
    cross = "cross-origin-"
    return {
        "policy": _of_policy(policy),
        "frames": 5 if "frame-ancestors" in policy else -20,
        "referrer": _of_referrer(given.get("referrer-policy")),
        "transport": _of_transport(given.get("strict-transport-security")),
        "types": 0 if given.get("x-content-type-options", "").lower() == "nosniff" else -5,
        "resources": _of_word(given.get(f"{cross}resource-policy"), {"same-origin", "same-site"}),
        "cookies": _of_cookie(given.get("set-cookie")),
        "cors": -50 if given.get("access-control-allow-origin") == "*" else 0,
    }


def directives(policy: str) -> dict[str, set[str]]:
    """A content security policy, directive by directive; the first of two of a name counts."""
    found: dict[str, set[str]] = {}
    for part in policy.lower().split(";"):
        if words := part.split():
            found.setdefault(words[0], set(words[1:]))
    return found


def _of_policy(policy: Mapping[str, set[str]]) -> int:
    if not policy:
        return -25
    default = policy.get("default-src", {"*"})
    scripts, objects = (policy.get(name, default) for name in ("script-src", "object-src"))
    styles = policy.get("style-src", default)
    sources = set().union(*policy.values())
    if scripts & (BROAD | INLINE) or objects & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for source in sources):
        return -20
    if "'unsafe-eval'" in scripts | styles:
        return -10
    if styles & (BROAD | INLINE):
        return 0
    return 10 if default == {"'none'"} else 5


def _of_referrer(said: str | None) -> int:
    if said is None:
        return 0
    return 5 if said.split(",")[-1].strip().lower() in PRIVATE else -5


def _of_transport(said: str | None) -> int:
    age = re.search(r"(?:^|;)\s*max-age=(\d+)", said or "", re.IGNORECASE)
    if age is None:
        return -20
    return 0 if int(age[1]) >= SIX_MONTHS else -10


def _of_word(said: str | None, best: set[str]) -> int:
    if said is None or said == "cross-origin":
        return 0
    return 10 if said in best else -5


def _of_cookie(said: str | None) -> int:
    """A cookie of a session: for TLS alone, for no script, and for no form of another site."""
    if said is None:
        return 0
    words = {part.strip().lower() for part in said.split(";")[1:]}
    if "secure" not in words:
        return -40
    if "httponly" not in words:
        return -30
    return 5 if words & {"samesite=lax", "samesite=strict"} else 0
