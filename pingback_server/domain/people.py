"""Who may sit at the desk, and what each may do there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .actions import SIGNATURES, Verb
from .errors import BadName

SESSION_FOR = timedelta(days=30)
"""How long a session lasts, however much it is used."""

IDLE_FOR = timedelta(days=7)
"""How long a session lasts in which nothing is done."""

LINK_FOR = timedelta(days=7)
"""How long a link to sign in by can be used; once, and until another is made for its user."""

_NAME = re.compile(r"[^\W_][\w.@-]{0,39}")
_LONGEST_DISPLAY_NAME = 100


class Role(StrEnum):
    """What somebody is to the blog: an owner may do everything, an author what concerns posts."""

    OWNER = "owner"
    MODERATOR = "moderator"
    AUTHOR = "author"


class Deed(StrEnum):
    """What can be done at the desk, as far as roles differ in it."""

    SIT = "sit"  # have sessions and a password of one's own
    MODERATE = "moderate"  # see the queue, decide, answer, edit, undo
    RULE = "rule"  # trust and block
    SWITCH = "switch"  # close and open the discussion of a post
    DELETE = "delete"  # for ever
    WRITE = "write"  # posts
    READ_LOG = "read-log"  # what others did, what the rules did
    MANAGE = "manage"  # people, their roles and sessions, settings


_MAY = {
    Role.OWNER: frozenset(Deed),
    Role.MODERATOR: frozenset(Deed) - {Deed.WRITE, Deed.MANAGE},
    Role.AUTHOR: frozenset({Deed.SIT, Deed.MODERATE, Deed.SWITCH, Deed.WRITE}),
}

_DEEDS = {
    Verb.BLOCK: Deed.RULE,
    Verb.TRUST: Deed.RULE,
    Verb.SWITCH: Deed.SWITCH,
    Verb.DELETE: Deed.DELETE,
}


def may(role: Role, deed: Deed) -> bool:
    """Whether who has this role may do such a thing at all."""
    return deed in _MAY[role]


def deed_of(verb: Verb) -> Deed:
    """What one has to be allowed to, to do this or to undo it."""
    return _DEEDS.get(verb, Deed.MODERATE)


def has_all_posts(role: Role) -> bool:
    """Whether who has this role decides on everything; an author does on own posts alone."""
    return role is not Role.AUTHOR


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in: `session` is the number of the session, `name` signs what is done.

    An author's posts are those whose `Author:` is `display_name`, or `name`.
    """

    id: int
    name: str
    display_name: str
    role: Role
    session: int

    def may(self, deed: Deed) -> bool:
        """Whether this person may do such a thing at all."""
        return may(self.role, deed)


class Change(StrEnum):
    """What is done about people, as the audit log names it; none of it is undone by a button."""

    INVITE = "invite"
    APPOINT = "appoint"
    DISABLE = "disable"
    ENABLE = "enable"
    PASSWORD = "password"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sit at the desk: `name` is for signing in, and signs what is done.

    `has_password` is False as long as an invitation has not been followed.
    """

    id: int
    name: str
    display_name: str
    role: Role
    is_active: bool
    has_password: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody is signed in; `network` and `browser` are those of its begin."""

    id: int
    at: datetime
    seen_at: datetime
    expires_at: datetime
    network: str
    browser: str


def read_name(text: str) -> str:
    """A name to sign in by, as it is kept. BadName."""
    name = text.strip().casefold()
    if not _NAME.fullmatch(name):
        raise BadName(
            f"{text!r} cannot be signed in by: up to 40 letters, figures and the signs . @ - _"
        )
    return name


def read_new_name(text: str) -> str:
    """A name for somebody who comes: not one that signs what nobody did at the desk. BadName."""
    name = read_name(text)
    if name in SIGNATURES:
        raise BadName(f"{name!r} signs what is done without the desk: choose another name")
    return name


def read_display_name(text: str) -> str:
    """The name that stands below posts, on one line. BadName if it is too long, or no text."""
    name = " ".join(text.split())
    if len(name) > _LONGEST_DISPLAY_NAME or not name.isprintable():
        raise BadName(f"a name has at most {_LONGEST_DISPLAY_NAME} characters")
    return name
