"""The tables, as the newest migration leaves them.

`columns` what they are made of; `conversation` what people say and what became of it; `pings` on
their way; `rules` of the door; `people` at the desk; `work` to be done.
"""

from .columns import EMPTY, GREATEST_ID, Moment, metadata, moment_of, text_of
from .conversation import (
    actions,
    comments,
    decisions,
    post_switches,
    revisions,
    searched_words,
)
from .people import avatars, failed_attempts, sessions, sign_in_links, users
from .pings import hosts, pings
from .rules import blocked, learnt_words, likenesses, rule_tallies, spam_marks, spent, trusted
from .work import JobState, dirty_pages, outbox, probes, purges

HEAD = "0006"
"""The newest migration. Numbers of four digits, so that a later one compares as greater."""

__all__ = [
    "EMPTY",
    "GREATEST_ID",
    "HEAD",
    "JobState",
    "Moment",
    "actions",
    "avatars",
    "blocked",
    "comments",
    "decisions",
    "dirty_pages",
    "failed_attempts",
    "hosts",
    "learnt_words",
    "likenesses",
    "metadata",
    "moment_of",
    "outbox",
    "pings",
    "post_switches",
    "probes",
    "purges",
    "revisions",
    "rule_tallies",
    "searched_words",
    "sessions",
    "sign_in_links",
    "spam_marks",
    "spent",
    "text_of",
    "trusted",
    "users",
]
