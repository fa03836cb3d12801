"""Who may sit at the desk, and what each may do there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the blog: an owner may do everything, an author what concerns posts."""

    OWNER = "owner"
    MODERATOR = "moderator"
    AUTHOR = "author"


class Deed(StrEnum):
    """What can be done at the desk, as far as roles differ in it."""

    MODERATE = "moderate"  # see the queue, decide, answer, edit, undo
    RULE = "rule"  # trust and block
    SWITCH = "switch"  # close and open the discussion of a post
    DELETE = "delete"  # for ever
    WRITE = "write"  # posts
    READ_LOG = "read-log"  # what was done by whom, what the rules did
    MANAGE = "manage"  # people, their roles and sessions, settings


_MAY = {
    Role.OWNER: frozenset(Deed),
    Role.MODERATOR: frozenset({Deed.MODERATE, Deed.RULE, Deed.SWITCH, Deed.DELETE, Deed.READ_LOG}),
    Role.AUTHOR: frozenset({Deed.MODERATE, Deed.SWITCH, Deed.WRITE}),
}


def may(role: Role, deed: Deed) -> bool:
    """Whether who has this role may do such a thing at all."""
    return deed in _MAY[role]


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
