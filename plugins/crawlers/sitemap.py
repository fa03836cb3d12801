"""sitemap.xml (sitemaps.org/protocol.html), with the languages of a page as search engines ask.

Its addresses are written in ASCII, as the protocol wants them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from xml.sax.saxutils import escape, quoteattr

from pingback_server.protocols.links import as_uri

from .pages import Found

_BEGIN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


def sitemap_xml(pages: Iterable[Found]) -> str:
    """The sitemap of `pages`, in their order."""
    return _BEGIN + "".join(_url(page) for page in pages) + "</urlset>\n"


def _url(page: Found) -> str:
    lines = [f"<loc>{escape(as_uri(page.address))}</loc>"]
    if page.changed:
        changed = page.changed.astimezone(UTC).replace(microsecond=0)
        lines.append(f"<lastmod>{changed.isoformat()}</lastmod>")
    for language, address in page.languages:
        attributes = f"hreflang={quoteattr(language)} href={quoteattr(as_uri(address))}"
        lines.append(f'<xhtml:link rel="alternate" {attributes}/>')
    return "".join(("<url>\n", *(f"  {line}\n" for line in lines), "</url>\n"))
