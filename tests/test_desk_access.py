"""Nobody comes to the desk uninvited: every route of it asks who is there, and whose form it is."""

from __future__ import annotations

import re

import pytest
from actors import BlogFolder, Clock, visit
from desk_actors import Moderator
from store_actors import PUBLIC, said

from pingback_server.domain.discussion import Status
from pingback_server.domain.filters import chosen
from pingback_server.domain.people import Deed, Role, may
from pingback_server.domain.rulings import RulingKind, about
from pingback_server.web import create_app
from pingback_server.web.headers import POLICY_OF_DESK
from pingback_server.web.service import Service

APP = create_app(Service(*[None] * 8))  # type: ignore[arg-type]  # only its routes are read
RULES = sorted(
    (rule for rule in APP.url_map.iter_rules() if rule.rule.startswith("/-/desk")),
    key=lambda rule: (rule.rule, sorted(rule.methods or ())),
)
ROUTES = [
    (
        method,
        re.sub(r"<(?:path:)?\w+>", "somebody", re.sub(r"<int:\w+>", "1", rule.rule)),
        rule.endpoint,
    )
    for rule in RULES
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
]
# Who is not signed in has to be able to sign in; each is named here, and by `for_strangers`.
FOR_STRANGERS = {"/-/desk/sign-in", "/-/desk/welcome/somebody"}
GUARDED = [route for route in ROUTES if APP.view_functions[route[2]].needs is not None]
MUTATING = [route for route in GUARDED if route[0] == "POST"]


@pytest.fixture
def owner(blog: BlogFolder, clock: Clock) -> Moderator:
    said(blog.store, "one", post="hello")
    return Moderator(blog, clock, Role.OWNER)


def asks(who: Moderator, route: tuple[str, str, str], **options: object) -> int:
    method, path, _ = route
    return who.reader.asks(method, path, **options).status_code


def test_every_route_of_the_desk_says_what_it_needs() -> None:
    assert len(ROUTES) > 5
    for _, path, endpoint in ROUTES:
        assert hasattr(APP.view_functions[endpoint], "needs"), path
    open_routes = {path for _, path, end in ROUTES if APP.view_functions[end].needs is None}
    assert open_routes == FOR_STRANGERS


def test_every_other_route_that_takes_a_form_is_known() -> None:
    others = {
        rule.rule
        for rule in APP.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/-/desk")
    }

    assert {"/-/comments", "/-/messages"} <= others


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: f"{route[0]} {route[1]}")
def test_who_is_not_signed_in_is_kept_out(
    blog: BlogFolder, clock: Clock, route: tuple[str, str, str]
) -> None:
    answer = visit(blog, clock).asks(route[0], route[1])

    assert answer.status_code == 401
    assert "You are not signed in" in answer.get_data(as_text=True)


@pytest.mark.parametrize("route", MUTATING, ids=lambda route: route[1])
def test_a_form_without_its_session_s_token_is_refused(
    owner: Moderator, route: tuple[str, str, str]
) -> None:
    other = Moderator(owner.blog, owner.clock, Role.OWNER, "ben").token()

    assert asks(owner, route, data={"do": "spam:1"}) == 403
    assert asks(owner, route, data={"do": "spam:1", "form_token": "x"}) == 403
    assert asks(owner, route, data={"do": "spam:1", "form_token": other}) == 403

    assert owner.blog.store.entry(1).status is Status.PENDING


@pytest.mark.parametrize("route", MUTATING, ids=lambda route: route[1])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_a_form_from_another_site_is_refused_even_with_the_token(
    owner: Moderator, route: tuple[str, str, str], headers: dict[str, str]
) -> None:
    token = owner.token()

    assert asks(owner, route, data={"form_token": token}, headers=headers) == 403

    assert asks(owner, route, data={"form_token": token}) not in {401, 403}


@pytest.mark.parametrize("route", MUTATING, ids=lambda route: route[1])
def test_nothing_is_changed_by_an_address_alone(
    owner: Moderator, route: tuple[str, str, str]
) -> None:
    answer = owner.reader.opens(f"{route[1]}?do=spam:1&form_token={owner.token()}")

    assert answer.status_code in {200, 404, 405}
    assert owner.blog.store.entry(1).status is Status.PENDING


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("route", GUARDED, ids=lambda route: f"{route[0]} {route[1]}")
def test_each_role_does_what_the_matrix_says_and_nothing_else(
    owner: Moderator, route: tuple[str, str, str], role: Role
) -> None:
    somebody = Moderator(owner.blog, owner.clock, role, "cleo")
    needed: Deed = APP.view_functions[route[2]].needs

    status = asks(somebody, route, data={"form_token": somebody.token()})

    assert (status != 403) is may(role, needed)


@pytest.mark.parametrize(
    ("role", "deeds"),
    [
        (Role.OWNER, set(Deed)),
        (Role.MODERATOR, set(Deed) - {Deed.WRITE, Deed.MANAGE}),
        (Role.AUTHOR, {Deed.SIT, Deed.MODERATE, Deed.SWITCH, Deed.WRITE}),
    ],
)
def test_what_a_role_may(role: Role, deeds: set[Deed]) -> None:
    assert {deed for deed in Deed if may(role, deed)} == deeds


# An author's own posts


@pytest.fixture
def writer(blog: BlogFolder, clock: Clock) -> Moderator:
    """Somebody who has written `mine` and nothing else."""
    blog.write_post("mine", "Mine", "Words.", Author="Zoe")
    blog.build()
    said(blog.store, "below another's", post="hello")
    said(blog.store, "below mine", post="mine")
    return Moderator(blog, clock, Role.AUTHOR, "zoe")


def test_an_author_sees_and_decides_on_what_is_said_below_own_posts_alone(
    writer: Moderator,
) -> None:
    page = writer.opens()
    assert 'id="entry-2"' in page
    assert 'id="entry-1"' not in page
    token = writer.token()

    for do in ("spam:1", "reply:1", "close:1", "block:2:email:ann@example.org"):
        fields = {"form_token": token, "do": do, "reply-1": "Hello"}
        assert writer.reader.posts("/-/desk/decisions", data=fields).status_code == 404, do
    assert writer.reader.opens("/-/desk/entries/1").status_code == 404
    everything = {"form_token": token, "do": "trash", "all": "yes", "is": "all", "upto": "9"}
    assert writer.reader.posts("/-/desk/decisions", data=everything).status_code == 303

    assert [entry.status for entry in writer.blog.store.entries()] == [
        Status.PENDING,
        Status.TRASH,
    ]


def test_an_author_undoes_own_actions_alone(writer: Moderator, clock: Clock) -> None:
    action = writer.blog.store.decide([2], Status.SPAM, now=clock(), by="ada")
    assert action
    token = writer.token()

    answer = writer.reader.posts("/-/desk/undo", data={"form_token": token, "action": "1"})

    assert answer.status_code == 409
    assert writer.blog.store.entry(2).status is Status.SPAM


def undoes(who: Moderator, action: int | None = None) -> int:
    """What the desk answers to who wants to undo this, or the last own action."""
    number = "" if action is None else str(action)
    fields = {"form_token": who.token(), "action": number}
    return who.reader.posts("/-/desk/undo", data=fields).status_code


def test_who_becomes_an_author_undoes_nothing_that_an_author_may_not_do(
    writer: Moderator, clock: Clock
) -> None:
    store = writer.blog.store
    here = store.moderation.decide(chosen(2), Status.SPAM, now=clock(), by="zoe").action
    elsewhere = store.moderation.decide(chosen(1), Status.SPAM, now=clock(), by="zoe").action
    store.rulings.block(about(RulingKind.DOMAIN, "spam.example"), now=clock(), by="zoe")
    block = store.actions.listed(size=1)[0].id

    assert [undoes(writer, one) for one in (elsewhere, block, here)] == [409, 409, 303]

    assert undoes(writer) == 409
    assert [entry.status for entry in store.entries()] == [Status.SPAM, Status.PENDING]
    assert store.rulings.all().blocks_host("spam.example")


def test_the_last_action_of_an_author_is_the_last_that_an_author_may_undo(
    writer: Moderator, clock: Clock
) -> None:
    store = writer.blog.store
    store.decide([2], Status.SPAM, now=clock(), by="zoe")
    store.decide([1], Status.SPAM, now=clock(), by="zoe")

    assert undoes(writer) == 303

    assert [entry.status for entry in store.entries()] == [Status.SPAM, Status.PENDING]


def test_who_is_called_like_the_command_line_does_not_undo_what_was_done_there(
    writer: Moderator, clock: Clock
) -> None:
    writer.blog.write_post("other", "Other", "Words.", Author="author")
    writer.blog.build()
    store = writer.blog.store
    number = said(store, "one", post="other").id
    action = store.moderation.decide(chosen(number), Status.SPAM, now=clock(), by="author").action
    impostor = Moderator(writer.blog, clock, Role.AUTHOR, "author")

    assert f'id="entry-{number}"' in impostor.opens("/-/desk?is=spam")
    assert [undoes(impostor, action), undoes(impostor)] == [409, 409]

    assert store.entry(number).status is Status.SPAM
    assert "Nothing is here." in impostor.opens("/-/desk/log")


def test_an_author_reads_in_the_log_what_the_author_did_and_can_undo_it(
    writer: Moderator, clock: Clock
) -> None:
    store = writer.blog.store
    store.decide([1], Status.SPAM, now=clock(), by="ada")
    store.decide([2], Status.TRASH, now=clock(), by="zoe")
    page = writer.opens("/-/desk/log")
    assert "ada" not in page

    writer.does("2")

    assert [entry.status for entry in store.entries()] == [Status.SPAM, Status.PENDING]


# Sessions and headers


def test_a_session_that_is_over_lets_nobody_in(owner: Moderator) -> None:
    owner.opens()

    owner.blog.store.people.end_session(owner.session)

    assert owner.reader.opens("/-/desk").status_code == 401


def test_a_session_runs_out(owner: Moderator) -> None:
    owner.clock.passes(days=30)

    assert owner.reader.opens("/-/desk").status_code == 401


def test_the_desk_is_kept_by_nobody_and_its_script_is_its_own(owner: Moderator) -> None:
    answer = owner.reader.opens("/-/desk")

    assert answer.headers["Content-Security-Policy"] == POLICY_OF_DESK
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert re.findall(r"<script[^>]*>", answer.get_data(as_text=True)) == [
        '<script src="/-/desk/desk.js" type="module">'
    ]


def test_public_pages_know_nothing_of_the_desk(owner: Moderator) -> None:
    said(owner.blog.store, "public", PUBLIC, post="hello")

    answer = owner.reader.opens(owner.blog.address("hello"))

    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "/-/desk" not in answer.get_data(as_text=True)
