"""The queue: one list of all that waits, oldest first, with what was just done above it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType

from flask import make_response, request
from flask.typing import ResponseReturnValue

from ...deeds.undo import last
from ...domain.actions import Action, Verb
from ...domain.errors import BadFilter, Impossible
from ...domain.filters import Tab
from ...domain.people import Deed
from ...domain.policy import SCORING
from ...languages import Words, later
from ...store import Page
from ..service import service
from .access import needs, person, reach_of
from .frame import render, words
from .kept import as_boxes
from .place import CHANGED, Place, misread_place, number_of, place
from .reasons import name_of
from .republishing import republishing
from .rows import KINDS, TABS, Shown, shown

ROWS = 25
"""How many rows a page has."""

_NOTHING: Mapping[str, str] = MappingProxyType({})

_ONCE = {
    Verb.REPLY: later("Your reply is published."),
    Verb.EDIT: later("The correction is made."),
    Verb.SWITCH: later("The post's discussion is switched."),
    Verb.BLOCK: later("Blocked from now on."),
    Verb.TRUST: later("Trusted from now on."),
    Verb.DELETE: later("Deleted for ever."),
}


_BUTTONS = {
    "approve": later("Approve"),
    "hold": later("Hold"),
    "spam": later("Spam"),
    "trash": later("Trash"),
    "restore": later("Restore"),
    "delete": later("Delete for ever …"),
}
_WANTED = {
    "state": later("`%(word)s` means nothing: known are %(known)s."),
    "kind": later("`%(word)s` means nothing: known are %(known)s."),
    "network": later("`%(word)s` means nothing: it needs an address or a network: %(known)s."),
    "number": later("`%(word)s` means nothing: it needs the number of an entry."),
    "day": later("`%(word)s` means nothing: it needs a day such as %(known)s."),
    "length": later("A search has at most %(known)s characters: shorten it."),
}
_UNDECIDED = ("approve", "spam", "trash")
_BULK = {
    Tab.PENDING: _UNDECIDED,
    Tab.SUSPECT: _UNDECIDED,
    Tab.APPROVED: ("hold", "spam", "trash"),
    Tab.SPAM: ("restore", "trash", "delete"),
    Tab.TRASH: ("restore", "delete"),
    Tab.ALL: _UNDECIDED,
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What was just done, and the number by which it can be undone, if it can.

    After an undoing that is the number of what the same person did before, and `is_before` true.
    """

    text: str
    action: int | None
    is_before: bool = False


@needs(Deed.MODERATE)
def queue() -> ResponseReturnValue:
    """GET /-/desk: a page of the queue; 400 with the words as typed if they mean nothing."""
    try:
        return _page(place(request.args), told=request.args)
    except BadFilter as refusal:
        why = words()(_WANTED[refusal.wanted], word=refusal.word, known=refusal.known)
        return make_response(_page(misread_place(request.args), why), 400)


def page_with(where: Place, typed: Mapping[str, str], told: Mapping[str, str]) -> str:
    """The page as `queue` shows it at the address with what is `told`, with replies `typed`.

    A reply to what does not stand there stands above the rows, to be copied.
    """
    return _page(where, told=told, typed=typed)


def _page(
    where: Place,
    problem: str = "",
    *,
    told: Mapping[str, str] = _NOTHING,
    typed: Mapping[str, str] = _NOTHING,
) -> str:
    """What stands there; no row if there is a `problem` with what is looked for."""
    here, t = service(), words()
    page = here.store.search.page(where.wanted, size=ROWS, after=where.after)
    rows = [] if problem else _rows(page, where, t)
    answered = {str(row.entry.id) for row in rows if row.may_answer}
    return render(
        "queue.html",
        place=where,
        page=page,
        problem=problem,
        rows=rows,
        typed=typed,
        kept=as_boxes({number: typed[number] for number in typed if number not in answered}, t),
        tabs=[(tab, t(TABS[tab]), page.counts[tab]) for tab in TABS],
        bulk=_bulk(where.tab, t),
        notice=_notice(told, page.counts[where.tab], t),
        state=republishing(),
        kinds=_kinds(where, t),
        rules=[(rule, name_of(rule, t)) for rule in sorted(SCORING)],
        may={deed.name: person().may(deed) for deed in Deed},
    )


def _bulk(tab: Tab, t: Words) -> list[tuple[str, str]]:
    """The buttons for all that is chosen, as far as they are for this person."""
    verbs = (one for one in _BULK[tab] if one != "delete" or person().may(Deed.DELETE))
    return [(verb, t(_BUTTONS[verb])) for verb in verbs]


def _kinds(where: Place, t: Words) -> list[tuple[str, str]]:
    """The kinds that can be looked for, and the several that are looked for now, if they are."""
    known = [*((kind.value, t(name)) for kind, name in KINDS.items()), ("ping", t("Pings"))]
    sought = where.fields.get("kind", "")
    return known if sought in dict(known) or not sought else [*known, (sought, sought)]


def _rows(page: Page, where: Place, t: Words) -> list[Shown]:
    here = service()
    posts, now = here.blog().posts, here.now()
    return [shown(row, where.wanted, posts, now, t) for row in page.rows]


def _notice(sent: Mapping[str, str], matching: int, t: Words) -> Notice | None:
    """What was done, and what was left as it is; `matching` is how much there is now."""
    done, left = sent.get("done", ""), number_of(sent.get("left", ""))
    if done == CHANGED:
        words = t.n(
            "What matches has changed since you saw it, and nothing was done. %(n)s matches now.",
            "What matches has changed since you saw it, and nothing was done. %(n)s match now.",
            matching,
        )
        return Notice(words, None)
    told = notice(done, t)
    if told is None or not left:
        return told
    words = t.n(
        "%(n)s has changed since you saw it and was left as it is: look at it again.",
        "%(n)s have changed since you saw them and were left as they are: look at them again.",
        left,
    )
    return replace(told, text=words if done == "0" else f"{told.text} {words}")


def notice(done: str, t: Words) -> Notice | None:
    """What the action with this number did, for who did it; None for a number of others."""
    if not (done.isascii() and done.isdigit() and len(done) < 10):
        return None
    if int(done) == 0:
        return Notice(t("Nothing had to be done."), None)
    here = service()
    try:
        action = here.store.actions.one(int(done))
    except Impossible:
        return None
    if action.by != person().name:
        return None
    if action.verb == Verb.UNDO:
        if not (undone := _undone(action, t)):
            return None
        who = person()
        before = last(reach_of(who), store=here.store, now=here.now(), by=who.name)
        return Notice(undone, before.id if before else None, is_before=True)
    number = action.id if action.may_be_undone(here.now()) else None
    return Notice(_said(action, t), number)


def _undone(action: Action, t: Words) -> str:
    """What was undone; nothing where the log, which is kept for a while, has it no longer."""
    with suppress(Impossible):
        undone = service().store.actions.one(int(action.subject))
        return t("Undone: %(what)s", what=_said(undone, t))
    return ""


def _said(action: Action, t: Words) -> str:
    n = action.entries
    match action.verb:
        case Verb.APPROVE:
            return t.n("%(n)s entry approved.", "%(n)s entries approved.", n)
        case Verb.HOLD:
            return t.n("%(n)s entry held.", "%(n)s entries held.", n)
        case Verb.SPAM:
            return t.n("%(n)s entry marked as spam.", "%(n)s entries marked as spam.", n)
        case Verb.TRASH:
            return t.n("%(n)s entry put in the trash.", "%(n)s entries put in the trash.", n)
        case Verb.RESTORE:
            return t.n("%(n)s entry restored.", "%(n)s entries restored.", n)
        case Verb.BLOCK if n:
            swept = t.n("%(n)s entry marked as spam.", "%(n)s entries marked as spam.", n)
            return f"{t(_ONCE[Verb.BLOCK])} {swept}"
    return t(_ONCE[Verb(action.verb)]) if action.verb in _ONCE else ""
