"""Who may sit at the desk: the owner invites, appoints, disables; one owner always stays."""

from __future__ import annotations

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from ...deeds import invite as inviting
from ...domain.errors import BadName, LastOwner, NoSuchUser
from ...domain.people import Change, Deed, Role, read_name
from ...languages import later
from ..service import service
from .access import needs, person
from .frame import render, show_notice, words
from .place import home

ROLES = {
    Role.OWNER: later("Owner"),
    Role.MODERATOR: later("Moderator"),
    Role.AUTHOR: later("Author"),
}
_TAKEN = later(
    "This name is taken or reserved, or cannot be signed in by: letters, figures and . @ - _"
)
_LAST = later("Nobody else could manage the blog then: make another person owner first.")


@needs(Deed.MANAGE)
def people() -> ResponseReturnValue:
    """GET /-/desk/people: everybody, and the form that invites one more."""
    return _page()


@needs(Deed.MANAGE)
def invite() -> ResponseReturnValue:
    """POST /-/desk/people: invite somebody; the page with the link, which is shown this once."""
    here, sent = service(), request.form
    name, role = sent.get("name", ""), sent.get("role", "")
    shown = sent.get("display_name", "")
    try:
        token = inviting.invite(
            name,
            Role(role) if role in set(Role) else Role.AUTHOR,
            display_name=shown,
            store=here.store,
            now=here.now(),
            by=person().name,
        )
    except BadName:
        typed = {"name": name[:100], "display_name": shown[:200], "role": role}
        return make_response(_page(problem=words()(_TAKEN), typed=typed), 400)
    return _page(link=_address(token), guest=name.strip())


@needs(Deed.MANAGE)
def change_person(name: str) -> ResponseReturnValue:
    """POST /-/desk/people/NAME: a link, a role, out or in again; 303, or the page with the link."""
    here, do = service(), request.form.get("do", "")
    store, now, by = here.store, here.now(), person().name
    try:
        name = read_name(name)
        if do == "link":
            token = inviting.give_link(name, store=store, now=now, by=by)
            return _page(link=_address(token), guest=name)
        if do in {Change.DISABLE, Change.ENABLE}:
            store.people.change(name, Change(do), now=now, by=by)
        elif do in set(Role):
            store.people.change(name, Change.APPOINT, role=Role(do), now=now, by=by)
    except (BadName, NoSuchUser):
        return show_notice(404, "gone")
    except LastOwner:
        return make_response(_page(refusal=words()(_LAST)), 409)
    return redirect(f"{home()}/people", 303)


def _page(
    *,
    link: str = "",
    guest: str = "",
    problem: str = "",
    refusal: str = "",
    typed: dict[str, str] | None = None,
) -> str:
    t = words()
    return render(
        "people.html",
        people=service().store.people.listed(),
        roles={role: t(name) for role, name in ROLES.items()},
        link=link,
        guest=guest,
        problem=problem,
        refusal=refusal,
        typed=typed or {"name": "", "display_name": "", "role": Role.AUTHOR.value},
    )


def _address(token: str) -> str:
    return f"{service().blog().blog.url}/-/desk/welcome/{token}"
