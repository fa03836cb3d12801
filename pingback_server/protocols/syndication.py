"""Feeds as XML: Atom (RFC 4287) with its threads (RFC 4685), and RSS 2.0, both by feedgen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from feedgen.util import xml_elem, xml_fromstring

from .feed import Feed, Item, Person, without_forbidden
from .links import as_uri

ATOM = "application/atom+xml"
_NS_THREADS = "http://purl.org/syndication/thread/1.0"
_NS_WFW = "http://wellformedweb.org/CommentAPI/"
_NS_SLASH = "http://purl.org/rss/1.0/modules/slash/"
_NS_XHTML = "http://www.w3.org/1999/xhtml"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write_atom(feed: Feed) -> bytes:
    """The feed as Atom, with the threads of RFC 4685."""
    feed = without_forbidden(feed)
    xml: bytes = _generator(feed, ATOM).atom_str(pretty=True)
    return _with_style(xml, feed)


def write_rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0: the full text in content:encoded, who wrote it in dc:creator."""
    feed = without_forbidden(feed)
    feed = replace(feed, items=tuple(map(_with_uris, feed.items)))
    xml: bytes = _generator(feed, "application/rss+xml").rss_str(pretty=True)
    return _with_style(xml, feed)


def _generator(feed: Feed, kind: str) -> Any:
    made = FeedGenerator()
    made.load_extension("dc", atom=False, rss=True)
    made.register_extension("about", _FeedExtension, _ItemExtension, atom=True, rss=True)
    made.about.feed = feed
    made.id(feed.address)
    made.title(feed.title)
    made.description(f"{feed.description} {feed.hint.text} {feed.home}".lstrip())
    made.language(feed.language)
    made.generator("Permalien")
    made.author(_person(feed.author))
    made.link(href=feed.address, rel="self", type=kind)
    made.link(href=feed.home, rel="alternate", type="text/html")
    made.updated(_utc(feed.updated))
    made.lastBuildDate(_utc(feed.updated))
    for item in feed.items:
        _add(made.add_entry(order="append"), item, feed)
    return made


def _add(entry: FeedEntry, item: Item, feed: Feed) -> None:
    entry.about.item, entry.about.feed = item, feed
    entry.id(item.id)
    entry.guid(item.id, permalink=False)
    entry.title(item.title or item.address)
    entry.link(href=item.address, rel="alternate", type="text/html")
    for author in item.authors:
        entry.author(_person(author))
        entry.dc.dc_creator(author.name)
    for category in item.categories:
        entry.category(term=category, label=category)
    entry.summary(_summary(item), type="xhtml")
    if item.summary:
        entry.description(escape(item.summary, quote=False))
    entry.content(item.html, type="html")
    entry.published(_utc(item.published))
    entry.updated(_utc(item.updated))
    if item.replies:
        entry.comments(item.replies.page)


def _with_uris(item: Item) -> Item:
    """The item as RSS wants its addresses; those of Atom may have letters of any script."""
    replies = item.replies
    if replies is not None:
        replies = replace(replies, feed=as_uri(replies.feed), page=as_uri(replies.page))
    return replace(item, address=as_uri(item.address), replies=replies)


def _summary(item: Item) -> str:
    """A few words and the way to the rest: what a browser shows of the item."""
    link = f'<a href="{escape(item.address)}">{escape(item.read_on)}</a>'
    return f"<p>{escape(item.summary)} {link}</p>" if item.summary else f"<p>{link}</p>"


def _person(person: Person) -> dict[str, str]:
    named = {"name": person.name}
    return {**named, "uri": person.url} if person.url else named


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def _with_style(xml: bytes, feed: Feed) -> bytes:
    """The feed with the stylesheet by which a browser shows it."""
    style = f'<?xml-stylesheet type="text/css" href="{escape(feed.hint.style)}"?>\n'
    return xml.replace(b"?>\n", b"?>\n" + style.encode(), 1)


class _FeedExtension(BaseExtension):  # type: ignore[misc]  # feedgen has no hints
    """What feedgen does not write of a feed: the hint to a person who opens it in a browser."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        return {"thr": _NS_THREADS, "wfw": _NS_WFW, "slash": _NS_SLASH}

    def extend_atom(self, root: Any) -> Any:
        """The subtitle: the blog's own, and the hint with a link to the pages."""
        feed, home = self.feed, escape(self.feed.home)
        own = f"<p>{escape(feed.description)}</p>" if feed.description else ""
        text = f'{own}<p>{escape(feed.hint.text)} <a href="{home}">{home}</a></p>'
        subtitle = root.find("subtitle")
        subtitle.text = None
        subtitle.set("type", "xhtml")
        subtitle.append(xml_fromstring(f'<div xmlns="{_NS_XHTML}">{text}</div>'))
        return root


class _ItemExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no hints
    """What feedgen does not write of an item: its language, what it answers, who answered it."""

    item: Item
    feed: Feed

    def extend_atom(self, entry: Any) -> Any:
        """RFC 4685 §3 (in-reply-to), §4 (replies) and §5 (total)."""
        item = self.item
        if item.language and item.language != self.feed.language:
            entry.set(_LANG, item.language)
        if item.answers:
            place = {"ref": item.answers.id, "href": item.answers.address, "type": "text/html"}
            xml_elem(f"{{{_NS_THREADS}}}in-reply-to", entry, **place)
        if item.replies:
            link = xml_elem("link", entry, rel="replies", type=ATOM, href=item.replies.feed)
            link.set(f"{{{_NS_THREADS}}}count", str(item.replies.count))
            if item.replies.changed_at:
                link.set(f"{{{_NS_THREADS}}}updated", _utc(item.replies.changed_at).isoformat())
            xml_elem(f"{{{_NS_THREADS}}}total", entry).text = str(item.replies.count)
        return entry

    def extend_rss(self, entry: Any) -> Any:
        """The same count and feed as WordPress names them."""
        if self.item.replies:
            xml_elem(f"{{{_NS_WFW}}}commentRss", entry).text = self.item.replies.feed
            xml_elem(f"{{{_NS_SLASH}}}comments", entry).text = str(self.item.replies.count)
        return entry
