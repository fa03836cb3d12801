"""Of which type a published file is: by the end of its name, and a feed by how it begins."""

from __future__ import annotations

import mimetypes
import re
from pathlib import PurePath
from typing import BinaryIO

# The machine's own table may lack or twist these.
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".ics": "text/calendar",
    ".vcf": "text/vcard",
    ".vtt": "text/vtt",
    ".xml": "application/xml",
    ".atom": "application/atom+xml",
    ".rss": "application/rss+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".gpx": "application/gpx+xml",
    ".pdf": "application/pdf",
    ".epub": "application/epub+zip",
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".jxl": "image/jxl",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".ogv": "video/ogg",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
}
# What the settings name a feed is the author's own choice; its first element is not.
# Possessive: a file of comments alone would be read over and over.
_BEFORE_THE_FIRST_ELEMENT = rb"\A(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+"
_FEEDS = {
    "application/xml": {
        re.compile(_BEFORE_THE_FIRST_ELEMENT + rb"<feed\b", re.DOTALL): "application/atom+xml",
        re.compile(_BEFORE_THE_FIRST_ELEMENT + rb"<rss\b", re.DOTALL): "application/rss+xml",
    },
    "application/json": {
        re.compile(rb'"https://jsonfeed\.org/version/'): "application/feed+json",
    },
}
_BEGINNING = 1000


def media_type(name: str, file: BinaryIO) -> str:
    """The type of the file of that name, which is open at its beginning and stays there."""
    ending = PurePath(name.lower()).suffix
    kind = _TYPES.get(ending) or mimetypes.types_map.get(ending, "application/octet-stream")
    if kind not in _FEEDS:
        return kind
    beginning = file.read(_BEGINNING)
    file.seek(0)
    feeds = (feed for begins, feed in _FEEDS[kind].items() if begins.search(beginning))
    return next(feeds, kind)
