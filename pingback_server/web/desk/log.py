"""The audit log: who did what, when; what can still be taken back has its button."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from ...deeds.write_post import WRITE
from ...domain.actions import UNBLOCK, UNTRUST, Action, Verb
from ...domain.people import Change, Deed, Role
from ...domain.rulings import RulingKind
from ...languages import Words, later
from ..service import service
from .access import needs, own_signature, person, reach_of
from .frame import render, words
from .people import ROLES
from .place import number_of
from .signatures import signatures

ROWS = 50
"""How many lines a page has."""

_RULINGS = (Verb.BLOCK, Verb.TRUST, UNBLOCK, UNTRUST)
RULED = {
    RulingKind.DOMAIN: later("Domain"),
    RulingKind.EMAIL: later("E-mail"),
    RulingKind.NETWORK: later("Network"),
    RulingKind.PATTERN: later("Pattern"),
    RulingKind.BROWSER: later("Browser"),
}
"""What can be blocked or trusted."""

_VERBS = {
    Verb.APPROVE: later("Approve"),
    Verb.HOLD: later("Hold"),
    Verb.SPAM: later("Spam"),
    Verb.TRASH: later("Trash"),
    Verb.RESTORE: later("Restore"),
    Verb.REPLY: later("Reply"),
    Verb.EDIT: later("Correct"),
    Verb.SWITCH: later("Close or open"),
    Verb.DELETE: later("Delete for ever"),
    Verb.UNDO: later("Undo"),
    Verb.BLOCK: later("Block"),
    Verb.TRUST: later("Trust"),
    UNBLOCK: later("Block no longer"),
    UNTRUST: later("Trust no longer"),
    Change.INVITE: later("Invite"),
    Change.APPOINT: later("Role"),
    Change.DISABLE: later("Disable"),
    Change.ENABLE: later("Let in again"),
    Change.PASSWORD: later("Set a password"),
    WRITE: later("Write"),
    "erase": later("Erase what is kept of somebody"),
    "purge": later("Purge what is too old"),
}


@needs(Deed.MODERATE)
def log() -> ResponseReturnValue:
    """GET /-/desk/log: the newest lines, or those before the number `before`.

    Who may not read what others did has own lines alone.
    """
    store, t, who = service().store, words(), person()
    before = number_of(_before()) or None
    by = None if who.may(Deed.READ_LOG) else own_signature(who)
    lines = store.actions.listed(size=ROWS + 1, before=before, by=by)
    return render(
        "log.html",
        lines=[
            (line, t(_VERBS[line.verb]) if line.verb in _VERBS else line.verb, _kind(line, t))
            for line in lines[:ROWS]
        ],
        signatures=signatures(t),
        undoable=store.moderation.undoable(lines[:ROWS], reach_of(who), service().now()),
        before=lines[ROWS - 1].id if len(lines) > ROWS else None,
        is_first=not _before(),
    )


def _kind(line: Action, t: Words) -> str:
    """Of a ruling what was ruled about, of an appointment the role; else nothing."""
    if line.verb in _RULINGS:
        return t(RULED[RulingKind(line.subject)])
    role = line.details.get("role")
    return t(ROLES[Role(role)]) if role in set(Role) else ""


def _before() -> str:
    return request.args.get("before", "")
