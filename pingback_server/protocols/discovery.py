"""How others find out where a post takes pings: the endpoints, and the headers that name them."""

from __future__ import annotations

WEBMENTION = "/-/webmention"
PINGBACK = "/-/pingback"


def discovery_headers(site_url: str) -> dict[str, str]:
    """The headers of a page that takes pings; `site_url` is SITEURL.

    Webmention is named in a Link (§3.1.2), Pingback by a header of its own and in no Link (1.0,
    §2.1).
    """
    return {
        "Link": f'<{site_url}{WEBMENTION}>; rel="webmention"',
        "X-Pingback": f"{site_url}{PINGBACK}",
    }
