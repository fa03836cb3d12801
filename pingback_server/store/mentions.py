"""Finds where an e-mail address is written out in what is not about it; empties the log of it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, String, cast, or_, select, update

from ..domain.actions import Verb
from .schema import actions, comments, revisions, users


def entries(connection: Connection, email: str) -> Sequence[int]:
    """The entries in which the address stands: in what they say or said, or why they wait."""
    names = ("text", "url", "author", "title")
    said, before = (
        or_(*(table.c[name].icontains(email, autoescape=True) for name in names))
        for table in (comments, revisions)
    )
    as_kept = json.dumps(email)[1:-1]
    why = cast(comments.c.reasons, String).icontains(as_kept, autoescape=True)
    earlier = comments.c.id.in_(select(revisions.c.comment).where(before))
    chosen = select(comments.c.id).where(or_(said, why, earlier)).order_by(comments.c.id)
    return connection.scalars(chosen).all()


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
