"""What the forms of the queue do: one button, one decision, and back to the same place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import redirect, request
from flask.typing import ResponseReturnValue

from ...deeds import block as blocking
from ...deeds import moderate
from ...deeds import reply as replying
from ...deeds import switch as switching
from ...deeds import trust as trusting
from ...deeds import undo as undoing
from ...domain.actions import Verb
from ...domain.discussion import Entry, Status
from ...domain.errors import (
    BadFilter,
    BadRuling,
    Impossible,
    NoSuchComment,
    NotAsShown,
    PermalienError,
    TooLarge,
    UnknownPost,
)
from ...domain.filters import Filter, Selection, Tab
from ...domain.people import Deed, Person, Role
from ...domain.rulings import RulingKind
from ...domain.switches import Switch
from ..service import service
from .access import needs, person, reach_of, seen_by
from .correcting import confirm_deletion
from .frame import show_notice
from .kept import replies_typed
from .place import CHANGED, Place, as_shown, number_of, place, selection
from .queue import page_with
from .replies import not_published
from .rows import subjects

_STATES = {
    "approve": Status.APPROVED,
    "hold": Status.PENDING,
    "spam": Status.SPAM,
    "trash": Status.TRASH,
    "restore": None,
}
_REFUSALS: tuple[tuple[type[PermalienError], int, str], ...] = (
    (NoSuchComment, 404, "gone"),
    (UnknownPost, 404, "gone"),
    (BadFilter, 400, "search"),
    (BadRuling, 400, "ruling"),
    (TooLarge, 413, "too-long"),
    (NotAsShown, 409, "changed"),
    (Impossible, 409, "no-longer"),
)


@needs(Deed.MODERATE)
def decide() -> ResponseReturnValue:
    """POST /-/desk/decisions: what the pressed button says, and 303 back to where it stood.

    Where replies were typed in other rows, the page itself, with these in it.
    """
    verb, _, what = request.form.get("do", "").partition(":")
    done: int | str | None
    try:
        where = place(request.form)
    except BadFilter as refusal:
        return refused(refusal)
    try:
        if verb == "delete":
            return confirm_deletion(where, what)
        if verb in _STATES:
            done, left = _decide(where, _STATES[verb], what)
        elif verb in _ON_ONE:
            done, left = _on_one(verb, what), 0
        else:
            return redirect(where.here(), 303)
    except PermalienError as refusal:
        return not_published(where, what, refusal) if verb == "reply" else refused(refusal)
    number, _, _ = what.partition(":")
    typed = replies_typed(without=number if verb == "reply" else "")
    if typed:  # a page that is asked for again would have lost them
        return page_with(where, typed, {"done": str(done or 0), "left": str(left)})
    following = "" if left else str(number_of(request.form.get(f"next-{number}", "")) or "")
    return redirect(where.here(done or 0, following, left=left), 303)


@needs(Deed.MODERATE)
def undo() -> ResponseReturnValue:
    """POST /-/desk/undo: take an action back, the last own one if none is named.

    Where replies were typed in rows, the page itself, with these in it.
    """
    here, who = service(), person()
    number = number_of(request.form.get("action", "")) or None
    try:
        where = place(request.form)
        undone = undoing.undo(number, reach_of(who), store=here.store, now=here.now(), by=who.name)
    except PermalienError as refusal:
        return refused(refusal)
    typed = replies_typed()
    if typed:
        return page_with(where, typed, {"done": str(undone.line)})
    return redirect(where.here(undone.line), 303)


def refused(refusal: PermalienError) -> ResponseReturnValue:
    """The page that says why nothing was done; what it does not know goes up."""
    for kind, status, words in _REFUSALS:
        if isinstance(refusal, kind):
            return show_notice(status, words)
    raise refusal


def _decide(where: Place, status: Status | None, one: str) -> tuple[int | str | None, int]:
    """What was done, as the notice reads it, and how much was left, since it had changed."""
    here = service()
    selected = selection(request.form, where, one)
    if selected.is_empty:
        return None, 0
    try:
        decided = moderate.decide_on(
            selected, status, store=here.store, now=here.now(), by=person().name
        )
    except NotAsShown:
        return CHANGED, 0
    return decided.action, decided.left


def _on_one(verb: str, what: str) -> int | None:
    """Do to the entry that `what` begins with what goes beyond its state."""
    number, _, rest = what.partition(":")
    deed, act = _ON_ONE[verb]
    if not person().may(deed):
        raise NoSuchComment(number)
    own = Selection(Filter(Tab.ALL, posts=seen_by(person())), ids=frozenset({number_of(number)}))
    (entry,) = service().store.search.selected(own)
    return act(entry, rest)


def _reply(entry: Entry, _rest: str) -> int | None:
    here, who = service(), person()
    text = request.form.get(f"reply-{entry.id}", "")
    replying.reply(
        entry.id,
        text,
        blog=here.blog(),
        store=here.store,
        now=here.now(),
        by=who.name,
        signed=_signature(who),
        shown=as_shown(request.form).rows.get(entry.id, ""),
    )
    return _last(Verb.REPLY)


def _signature(who: Person) -> str:
    """What stands above an answer; nothing where it is the name of the blog's own author."""
    return who.display_name or ("" if who.role is Role.OWNER else who.name)


def _rule(verb: Callable[..., object]) -> Callable[[Entry, str], int | None]:
    def act(entry: Entry, rest: str) -> int | None:
        kind, _, value = rest.partition(":")
        if kind not in set(RulingKind) or value not in subjects(entry, RulingKind(kind)):
            raise BadRuling(rest)
        here, who = service(), person()
        verb(RulingKind(kind), value, store=here.store, now=here.now(), by=who.name)
        return _last(Verb.TRUST, Verb.BLOCK)

    return act


def _last(*verbs: Verb) -> int | None:
    """The number of what this person has just done, if it was one of these."""
    here = service()
    last = undoing.last(store=here.store, now=here.now(), by=person().name)
    return last.id if last and last.verb in verbs else None


def _switch(is_open: bool) -> Callable[[Entry, str], int | None]:
    def act(entry: Entry, _rest: str) -> int | None:
        here = service()
        wanted = Switch(is_open, is_open)
        return switching.switch(
            entry.post,
            wanted,
            blog=here.blog(),
            store=here.store,
            now=here.now(),
            by=person().name,
        )

    return act


_ON_ONE: dict[str, tuple[Deed, Callable[[Entry, str], int | None]]] = {
    "reply": (Deed.MODERATE, _reply),
    "block": (Deed.RULE, _rule(blocking.block)),
    "sweep": (Deed.RULE, _rule(partial(blocking.block, sweep=True))),
    "trust": (Deed.RULE, _rule(trusting.trust)),
    "close": (Deed.SWITCH, _switch(False)),
    "open": (Deed.SWITCH, _switch(True)),
}
