"""What somebody saw who decides: by short digests, so that what has changed since is known."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from .discussion import Entry, Status

_LENGTH = 16


@dataclass(frozen=True, slots=True)
class AsShown:
    """What a page showed, as far as it is known.

    `rows` has the `digest_of_entry` of each entry, by its number. `clusters` and `everything` are
    the store's fingerprints of what stands together in a row, and of all that matches.
    """

    rows: Mapping[int, str] = field(default_factory=dict)
    clusters: Mapping[int, str] = field(default_factory=dict)
    everything: str = ""

    def is_other(self, entry: Entry) -> bool:
        """Whether `entry` is known to have been another when it was shown."""
        shown = self.rows.get(entry.id)
        return shown is not None and shown != digest_of_entry(entry)


def digest_of_entry(entry: Entry) -> str:
    """Another one as soon as the entry says something else, or stands elsewhere.

    What rules find meanwhile, other than that it is a suspect, is no change.
    """
    is_suspect = entry.status is Status.SPAM and entry.decided_at is None
    return short_digest(digest_of_words(entry), entry.status, str(is_suspect))


def digest_of_words(entry: Entry) -> str:
    """Another one as soon as the entry says something else, or is of somebody else."""
    return short_digest(
        *(entry.author, entry.email, entry.url, entry.site, entry.title, entry.text, entry.html)
    )


def short_digest(*parts: str) -> str:
    """A digest that is short enough to stand in each row of a page."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_LENGTH]
