"""One entry with its history, to be corrected; and the page on which deleting is confirmed."""

from __future__ import annotations

from collections.abc import Sequence

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from ...deeds import delete as deleting
from ...deeds import edit as editing
from ...deeds.edit import Correction
from ...domain.as_shown import digest_of_words
from ...domain.discussion import Entry
from ...domain.errors import (
    BadFilter,
    Impossible,
    Invalid,
    NoSuchComment,
    NotAsShown,
    NotInThatState,
    TooLarge,
    Unavailable,
)
from ...domain.filters import Filter, Selection, Tab
from ...domain.people import Deed
from ...languages import later
from ...store import Asked
from ..pages import words_of_problem
from ..service import service
from .access import needs, person, seen_by
from .frame import RETRY_AFTER_SECONDS, render, show_notice, words
from .place import CHANGED, Place, home, place, selection
from .rows import shown_alone
from .signatures import signatures

_TRY_AGAIN = later("The database takes nothing now. Your correction is in the form: try again.")


@needs(Deed.MODERATE)
def entry(number: int) -> ResponseReturnValue:
    """GET /-/desk/entries/N: what it says, what it said before, and a form to correct it."""
    try:
        return _page(_seen(number))
    except NoSuchComment:
        return show_notice(404, "gone")


@needs(Deed.MODERATE)
def correct(number: int) -> ResponseReturnValue:
    """POST /-/desk/entries/N: correct it; 303 to the queue, or the form again."""
    here, sent = service(), request.form
    names = ("text", "author", "email", "url", "title")
    correction = Correction(**{name: sent.get(name) for name in names})
    try:
        found = _seen(number)
        action = editing.edit(
            number,
            correction,
            blog=here.blog(),
            store=here.store,
            now=here.now(),
            by=person().name,
            shown=sent.get("shown", ""),
        )
    except NotAsShown:
        return make_response(_page(_seen(number), there_is_another=True), 409)
    except (Invalid, TooLarge) as refusal:
        problems = refusal.problems if isinstance(refusal, Invalid) else {"comment": "too-long"}
        return make_response(_page(found, problems), 400)
    except Unavailable:
        answer = make_response(_page(found, trouble=words()(_TRY_AGAIN)), 503)
        answer.headers["Retry-After"] = RETRY_AFTER_SECONDS
        return answer
    except NoSuchComment:
        return show_notice(404, "gone")
    except Impossible:
        return show_notice(409, "no-longer")
    return redirect(f"{home()}?is={_tab(found)}&done={action or 0}#entry-{number}", 303)


def confirm_deletion(where: Place, one: str) -> ResponseReturnValue:
    """A page that says how many entries would be gone, and asks for their number to be typed."""
    if not person().may(Deed.DELETE):
        return show_notice(403, "not-allowed")
    selected = selection(request.form, where, one)
    if selected.is_empty:
        return show_notice(400, "empty")
    try:
        asked = service().store.search.asked(selected)
    except NotAsShown:
        return redirect(where.here(CHANGED), 303)
    if asked.choice.changed:
        return redirect(where.here(0, left=len(asked.choice.changed)), 303)
    keys = [one] if one else request.form.getlist("chosen")
    return _ask(where, asked, keys, is_all=selected.is_all)


@needs(Deed.DELETE)
def delete() -> ResponseReturnValue:
    """POST /-/desk/deletion: delete for ever, if the number typed is that of the entries."""
    here = service()
    try:
        where = place(request.form)
        selected = selection(request.form, where)
        asked = here.store.search.asked(selected)
        shown = request.form.get("asked", "") or asked.fingerprint
        if asked.fingerprint != shown:
            return make_response(_asked_again(where, selected, "changed"), 409)
        typed = request.form.get("typed", "").strip()
        if not asked.choice.ids or typed != str(len(asked.choice.ids)):
            return make_response(_asked_again(where, selected, "number"), 400)
        deleting.delete(selected, store=here.store, now=here.now(), by=person().name, asked=shown)
    except NotAsShown:
        return make_response(_asked_again(where, selected, "changed"), 409)
    except BadFilter:
        return show_notice(400, "search")
    except NoSuchComment:
        return show_notice(404, "gone")
    except NotInThatState:
        return show_notice(409, "no-longer")
    [line] = here.store.actions.listed(size=1)
    return redirect(where.address() + f"&done={line.id}", 303)


def _asked_again(where: Place, selected: Selection, problem: str) -> str:
    asked = service().store.search.asked(selected)
    keys = request.form.getlist("chosen")
    return _ask(where, asked, keys, is_all=selected.is_all, problem=problem)


def _ask(
    where: Place, asked: Asked, keys: Sequence[str], *, is_all: bool, problem: str = ""
) -> str:
    return render(
        "deletion.html",
        place=where,
        number=len(asked.choice.ids),
        asked=asked.fingerprint,
        keys=keys,
        is_all=is_all,
        upto=request.form.get("upto", ""),
        problem=problem,
    )


def _seen(number: int) -> Entry:
    """The entry, if this person may see it. NoSuchComment."""
    own = Selection(Filter(Tab.ALL, posts=seen_by(person())), ids=frozenset({number}))
    (found,) = service().store.search.selected(own)
    return found


def _page(
    found: Entry,
    problems: dict[str, str] | None = None,
    trouble: str = "",
    *,
    there_is_another: bool = False,
) -> str:
    """The page of an entry; its form has what was typed, if there is anything to say of that.

    That is `problems` with it, `trouble` with the store, or that it says another thing by now.
    """
    here, t = service(), words()
    return render(
        "entry.html",
        row=shown_alone(found, here.blog().posts, here.now(), t),
        revisions=here.store.revisions.of(found.id),
        signatures=signatures(t),
        typed=request.form if problems or trouble or there_is_another else None,
        shown=request.form.get("shown", "") if problems or trouble else digest_of_words(found),
        trouble=trouble,
        there_is_another=there_is_another,
        problems={name: words_of_problem(name, word, t) for name, word in (problems or {}).items()},
        back=f"{home()}?is={_tab(found)}",
    )


def _tab(found: Entry) -> Tab:
    is_suspect = found.status == "spam" and found.decided_at is None
    return Tab.SUSPECT if is_suspect else Tab(found.status.value)
