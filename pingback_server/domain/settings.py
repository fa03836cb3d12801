"""The blog's choices about its discussion: `DISCUSSION = {...}` in pelicanconf.py, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any

from .errors import BadSetting


def _whole(low: int, high: int) -> Callable[[object], str | None]:
    def check(value: object) -> str | None:
        if type(value) is int and low <= value <= high:
            return None
        return f"has to be a whole number from {low} to {high}"

    return check


def _whole_or_none(low: int, high: int) -> Callable[[object], str | None]:
    def check(value: object) -> str | None:
        if value is None or (type(value) is int and low <= value <= high):
            return None
        return f"has to be a whole number from {low} to {high}, or None"

    return check


def _true_or_false(value: object) -> str | None:
    return None if isinstance(value, bool) else "has to be True or False"


def _one_of(*words: str) -> Callable[[object], str | None]:
    listed = ", ".join(repr(word) for word in words)

    def check(value: object) -> str | None:
        return None if value in words else f"has to be one of {listed}"

    return check


def _words(value: object) -> str | None:
    if isinstance(value, list | tuple) and all(map(_is_word, value)):
        return None
    return "has to be a list of words or phrases"


def _is_word(value: object) -> bool:
    return isinstance(value, str) and any(map(str.isalnum, value))


def _setting(default: Any, check: Callable[[object], str | None], doc: str) -> Any:
    return field(default=default, metadata={"check": check, "doc": doc})


@dataclass(frozen=True, slots=True)
class DiscussionSettings:
    """How this blog's discussions behave. Each field is a key of `DISCUSSION`, in lower case."""

    comments: bool = _setting(
        True, _true_or_false, "Whether posts take comments; a post's `Comments:` overrides it."
    )
    close_after_days: int = _setting(
        0,
        _whole(0, 36500),
        "Discussions close when this many days after the post's own have passed; 0 is never.",
    )
    grace_minutes: int = _setting(
        30,
        _whole(0, 1440),
        "A form sent this long after closing is still taken, and held.",
    )
    pings: bool = _setting(
        True, _true_or_false, "Whether posts take pings; a post's `Pings:` overrides it."
    )
    close_pings_after_days: int | None = _setting(
        None,
        _whole_or_none(0, 36500),
        "The same as `close_after_days` for pings alone; `None` closes them with the comments.",
    )
    self_pings: bool = _setting(
        True,
        _true_or_false,
        "Whether a post that links to another of this blog stands below that as a ping.",
    )
    trackbacks: bool = _setting(
        False, _true_or_false, "Whether pings may also come by Trackback, which is old and simple."
    )
    trust_linked_hosts: bool = _setting(
        False,
        _true_or_false,
        "Whether pings from hosts to which the blog's own posts link are published at once.",
    )
    list_pings_apart: bool = _setting(
        False, _true_or_false, "Whether pings stand below the comments instead of among them."
    )
    thread_depth: int = _setting(
        5, _whole(1, 10), "How many levels deep replies are nested; 1 is a flat list."
    )
    require_name: bool = _setting(
        True, _true_or_false, "Whether a comment has to have a name; without one it is anonymous."
    )
    require_email: bool = _setting(
        False, _true_or_false, "Whether a comment has to have an e-mail address; never published."
    )
    remember_me: bool = _setting(
        True,
        _true_or_false,
        "Whether the form offers to remember its writer, by a cookie that is asked for.",
    )
    edit_minutes: int = _setting(
        30,
        _whole(0, 1440),
        "How long readers may change or take back what they wrote; 0 is not at all.",
    )
    moderation: str = _setting(
        "newcomers",
        _one_of("everything", "newcomers", "suspects"),
        "Whose comments wait for you: everybody's, those of browsers not known yet, or suspects'.",
    )
    hold_at_links: int = _setting(
        2, _whole(0, 1000), "A comment with this many links waits for you; 0 does not count them."
    )
    moderation_words: tuple[str, ...] = _setting(
        (), _words, "Words and phrases with which a comment or a ping waits for you."
    )
    disallowed_words: tuple[str, ...] = _setting(
        (),
        _words,
        "Words and phrases with which a comment is taken for spam and a ping is refused.",
    )
    old_post_days: int = _setting(
        365,
        _whole(0, 36500),
        "Below a post older than this a link is a little suspect; 0 is never.",
    )
    preview: str = _setting(
        "suspects",
        _one_of("suspects", "newcomers", "never"),
        "Who has to look at the comment once more before it is taken.",
    )
    comments_per_network: int = _setting(
        20,
        _whole(0, 100_000),
        "How many comments a network may send in ten minutes; more are refused. 0 is any number.",
    )
    comments_per_post: int = _setting(
        60,
        _whole(0, 100_000),
        "How many comments a post takes in ten minutes before all wait for you; 0 is any number.",
    )
    comments_per_blog: int = _setting(
        200,
        _whole(0, 100_000),
        "How many comments the blog takes in ten minutes before all wait for you; 0 is any number.",
    )
    comments_per_page: int = _setting(
        0,
        _whole(0, 1000),
        "How many threads stand on a page, counted at the top level; 0 is all on the post's own.",
    )
    first_shown_page: str = _setting(
        "first",
        _one_of("first", "last"),
        "Which of these pages is the post's own: the `first` one, or the `last`.",
    )
    order: str = _setting(
        "oldest",
        _one_of("oldest", "newest"),
        "What stands on top of a page, its `oldest` thread or its `newest`.",
    )
    avatars: str = _setting(
        "none",
        _one_of("none", "identicon", "gravatar"),
        "What stands beside a name: nothing, a drawing that your own blog makes of it, or the "
        "picture at Gravatar, which your blog fetches and keeps.",
    )
    reports: bool = _setting(
        True, _true_or_false, "Whether each comment has a link by which readers report it to you."
    )
    keep_addresses_days: int = _setting(
        365,
        _whole(1, 3650),
        "How many days the network address from which something came is kept.",
    )
    keep_spam_days: int = _setting(
        30, _whole(1, 3650), "How many days spam and suspects lie where you can look at them."
    )
    keep_trash_days: int = _setting(
        30,
        _whole(1, 3650),
        "How many days the trash is kept, and what comments said before they were changed.",
    )
    keep_messages_days: int = _setting(
        365,
        _whole(1, 36500),
        "How many days messages and reports are kept after you have decided on them.",
    )
    keep_log_days: int = _setting(
        365, _whole(30, 3650), "How many days the log of what was done at the desk is kept."
    )
    comment_length: int = _setting(
        10_000, _whole(100, 50_000), "The longest comment taken, in characters."
    )

    @property
    def required(self) -> frozenset[str]:
        """The fields, besides the comment itself, that have to be filled in."""
        asked = {"author": self.require_name, "email": self.require_email}
        return frozenset(field for field, is_required in asked.items() if is_required)


def read_discussion_settings(given: object) -> DiscussionSettings:
    """Check the author's `DISCUSSION` and fill in the defaults.

    Raises BadSetting that names every wrong key, what it has to be, and the nearest known name.
    """
    if not isinstance(given, Mapping):
        raise BadSetting(
            'pelicanconf.py: DISCUSSION has to be keys with values, as in {"comments": True}, '
            f"not {given!r}"
        )
    known = {item.name: item.metadata["check"] for item in fields(DiscussionSettings)}
    problems = []
    for key, value in given.items():
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            hint = f" (did you mean {near[0]!r}?)" if near else f" (known: {', '.join(known)})"
            problems.append(f"DISCUSSION[{key!r}] is not a setting{hint}")
        elif (rule := known[key](value)) is not None:
            problems.append(f"DISCUSSION[{key!r}] {rule}, not {value!r}")
    if problems:
        raise BadSetting("pelicanconf.py: " + "; ".join(problems))
    values = {key: tuple(one) if isinstance(one, list) else one for key, one in given.items()}
    return DiscussionSettings(**values)  # type: ignore[arg-type]  # each value was checked above
