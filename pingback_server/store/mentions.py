"""Finds where an e-mail address is written out in what is not about it; empties the log of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, cast, or_, select, update

from ..domain.actions import Verb
from ..domain.pings import PingState
from .schema import actions, comments, pings, revisions, users

_ENDED = frozenset(PingState) - {PingState.RECEIVED}


def entries(connection: Connection, email: str) -> Sequence[int]:
    """The entries in which the address stands: in what they say or said, or why they wait."""
    names = ("text", "url", "author", "title")
    said, before = (
        or_(*(table.c[name].icontains(email, autoescape=True) for name in columns))
        for table, columns in ((comments, (*names, "site", "author_url")), (revisions, names))
    )
    why = _has(comments.c.reasons, email)
    earlier = comments.c.id.in_(select(revisions.c.comment).where(before))
    given = comments.c.id.in_(select(pings.c.comment).where(_has(pings.c.given, email)))
    chosen = select(comments.c.id).where(or_(said, why, earlier, given)).order_by(comments.c.id)
    return connection.scalars(chosen).all()


def forget_in_pings(connection: Connection, email: str) -> None:
    """Empty what pings say of themselves that show nothing, and will not, if it has the address."""
    shows_nothing = (pings.c.comment.is_(None), pings.c.state.in_(_ENDED))
    named = update(pings).where(*shows_nothing, _has(pings.c.given, email))
    connection.execute(named.values(given={}))


def _has(values: ColumnElement[Any], email: str) -> ColumnElement[bool]:
    """Whether the address stands in a column of JSON."""
    return cast(values, String).icontains(json.dumps(email)[1:-1], autoescape=True)


def users_called(connection: Connection, email: str) -> Sequence[str]:
    """The users of the desk who sign in by the address, or are shown by it."""
    called = (
        column.icontains(email, autoescape=True) for column in (users.c.name, users.c.display_name)
    )
    return connection.scalars(select(users.c.name).where(or_(*called)).order_by(users.c.id)).all()


def forget_in_log(connection: Connection, email: str) -> None:
    """Empty the subjects that name the address, and the notes of rulings that stood before."""
    named = actions.c.subject.icontains(email, autoescape=True)
    connection.execute(update(actions).where(named).values(subject=""))
    ruled = select(actions.c.id, actions.c.details).where(
        actions.c.verb.in_([Verb.BLOCK, Verb.TRUST])
    )
    for number, details in connection.execute(ruled).all():
        if email.casefold() in str(details.get("was", "")).casefold():
            name, _note, *rest = details["was"]
            emptied = {**details, "was": [name, "", *rest]}
            connection.execute(
                update(actions).where(actions.c.id == number).values(details=emptied)
            )
