"""Reads a source, whatever kind of text it is: first what it links to, then what it says it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...domain.quoting import (
    NAME_LENGTH,
    SIDE,
    TITLE_LENGTH,
    language_tag,
    one_line,
    past,
)
from ...domain.source_pages import SourcePage
from .charset import decoded
from .document import Document, Link, document_of
from .errand import Errand
from .leads import leads_of
from .plain import links_in_json, words_around_address
from .tree import parsed

_HTML = {"text/html", "application/xhtml+xml"}
_PLAIN = {"text/plain", "text/markdown", "text/x-markdown"}
_JSON = re.compile(r"(application|text)/([\w.+-]+\+)?json")
_GONE = re.compile(r"\s*410\b")


def read_page(page: bytes, errand: Errand) -> SourcePage:
    """What the bytes of `page` say, as far as they can be understood."""
    *_, last = readings(page, errand)
    return last


def readings(page: bytes, errand: Errand) -> Iterator[SourcePage]:
    """The same in steps, of which each says more than the one before.

    The first needs no microformats, so that a page which is too much for their reader is at
    least known to link here.
    """
    kind = errand.content_type.partition(";")[0].strip().lower()
    text = decoded(page, errand.content_type)
    if kind in _HTML or (not kind and text.lstrip().startswith("<")):
        yield from _html_readings(text, errand, is_xml=kind == "application/xhtml+xml")
    elif kind in _PLAIN:
        excerpt = words_around_address(text, errand.target)
        yield _bare(errand, links=excerpt is not None, excerpt=excerpt or "")
    else:
        yield _bare(
            errand, links=bool(_JSON.fullmatch(kind)) and links_in_json(text, errand.target)
        )


def _bare(errand: Errand, *, links: bool, excerpt: str = "") -> SourcePage:
    """Of a page that has nothing to tell but its text."""
    host = errand.host
    return SourcePage(links=links, shown_url=errand.url, title=host, site=host, excerpt=excerpt)


def _html_readings(html: str, errand: Errand, *, is_xml: bool) -> Iterator[SourcePage]:
    root = parsed(html, is_xml=is_xml)
    document = document_of(root)
    page = _as_document(document, errand)
    yield page
    if document.has_microformats and page.links:
        # Only here, since it is slow to load.
        from .microformats import as_entry

        yield as_entry(page, root, errand)


def _as_document(document: Document, errand: Errand) -> SourcePage:
    """What a page says without microformats."""
    meta, host = document.meta, errand.host
    leads = leads_of(document, errand)
    best = leads.to_target[0] if leads.to_target else None
    excerpt = document.words_around(best) if best else ""
    title = one_line(document.title, TITLE_LENGTH)
    return SourcePage(
        links=best is not None,
        shown_url=errand.url,
        title=title or one_line(meta.get("og:title", ""), TITLE_LENGTH) or host,
        site=one_line(meta.get("og:site_name", ""), NAME_LENGTH) or host,
        author=one_line(meta.get("author", ""), NAME_LENGTH),
        published=past(meta.get("article:published_time", ""), errand.now),
        language=_language(document, best),
        excerpt=excerpt or one_line(meta.get("og:description", ""), 2 * SIDE),
        fragment=leads.fragment,
        outgoing=leads.outgoing,
        is_gone=bool(_GONE.match(meta.get("status", ""))),
    )


def _language(document: Document, link: Link | None) -> str:
    around_it = link.language if link else ""
    return around_it or document.language or language_tag(document.meta.get("content-language", ""))
