"""Who may sit at the desk: invited by a link that is good once, with a role, and never no owner."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from actors import NOON, Author, BlogFolder, Serving
from guests import Guests

from pingback_server.deeds.invite import give_link, invite, invite_first_owner
from pingback_server.domain.actions import SIGNATURES
from pingback_server.domain.errors import BadName, BadPassword, LastOwner, LinkSpent, NoSuchUser
from pingback_server.domain.people import LINK_FOR, Change, Role, read_name
from pingback_server.store import Store

WORDS = "four words will do"


@pytest.fixture
def guests(store: Store) -> Guests:
    """People who come to the desk of an empty store."""
    return Guests(store)


def test_the_first_owner_is_called_like_the_author_until_the_link_is_followed(
    store: Store, guests: Guests
) -> None:
    link = invite_first_owner("Jeanne Martin", store=store, now=NOON)

    assert store.people.named("jeanne-martin").role is Role.OWNER
    guests.follow(str(link), WORDS, names=("jeanne", "Jeanne"))
    [owner] = store.people.listed()
    assert (owner.name, owner.display_name, owner.has_password) == ("jeanne", "Jeanne", True)
    assert invite_first_owner("Jeanne Martin", store=store, now=NOON) is None


def test_a_new_link_for_the_owner_takes_the_place_of_the_one_before(
    store: Store, guests: Guests
) -> None:
    first = invite_first_owner("Jeanne", store=store, now=NOON)
    second = invite_first_owner("Jeanne", store=store, now=NOON)

    with pytest.raises(LinkSpent):
        guests.follow(str(first), WORDS)
    assert guests.follow(str(second), WORDS)
    assert len(store.people.listed()) == 1


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.MODERATOR])
def test_nobody_but_an_owner_chooses_the_name_that_stands_below_posts(
    store: Store, guests: Guests, role: Role
) -> None:
    link = invite("eve", role, display_name="Eve", store=store, now=NOON, by="jeanne")

    guests.follow(link, WORDS, names=("jeanne-martin", "Jeanne Martin"))

    [eve] = store.people.listed()
    assert (eve.name, eve.display_name, eve.has_password) == ("eve", "Eve", True)


def test_a_link_is_good_once(store: Store, guests: Guests) -> None:
    link = invite("ada", Role.AUTHOR, store=store, now=NOON, by="jeanne")
    guests.follow(link, WORDS, names=("ada", ""))

    with pytest.raises(LinkSpent):
        guests.follow(link, "quite another sentence")


def test_a_link_is_good_for_a_week(store: Store, guests: Guests) -> None:
    link = invite("ada", Role.AUTHOR, store=store, now=NOON, by="jeanne")

    with pytest.raises(LinkSpent):
        guests.follow(link, WORDS, at=NOON + LINK_FOR)
    assert guests.follow(link, WORDS, at=NOON + LINK_FOR - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("elevenchars", "short"),
        ("a" * 257, "long"),
        ("aaaaaaabbbbbbb", "plain"),
        ("jeanne-jeanne-1", "name"),
    ],
)
def test_a_password_that_is_easily_guessed_leaves_the_link_good(
    store: Store, guests: Guests, password: str, problem: str
) -> None:
    link = invite("jeanne", Role.AUTHOR, store=store, now=NOON, by="ada")

    with pytest.raises(BadPassword) as refusal:
        guests.follow(link, password, names=("jeanne", ""))

    assert refusal.value.problem == problem
    assert guests.follow(link, WORDS, names=("jeanne", ""))


def test_a_link_for_who_has_a_password_changes_that_and_no_name(
    store: Store, guests: Guests
) -> None:
    guests.come("ada", Role.AUTHOR)
    link = give_link("ada", store=store, now=NOON, by="jeanne")

    guests.follow(link, "quite another sentence", names=("owner", "Somebody else"))

    assert guests.sign_in("ada", "quite another sentence")
    assert [user.name for user in store.people.listed()] == ["ada"]


def test_the_last_owner_is_neither_disabled_nor_made_an_author(
    store: Store, guests: Guests
) -> None:
    guests.come("jeanne", Role.OWNER)
    invite("ada", Role.OWNER, store=store, now=NOON, by="jeanne")  # who has not come yet

    for change, role in ((Change.DISABLE, None), (Change.APPOINT, Role.AUTHOR)):
        with pytest.raises(LastOwner):
            store.people.change("jeanne", change, role=role, now=NOON, by="jeanne")

    assert store.people.named("jeanne").role is Role.OWNER


def test_one_of_two_owners_can_go(store: Store, guests: Guests) -> None:
    guests.come("jeanne", Role.OWNER)
    guests.come("ada", Role.OWNER)

    gone = store.people.change("jeanne", Change.DISABLE, now=NOON, by="ada")

    assert not gone.is_active


def test_who_is_disabled_is_out_at_once_and_links_lead_nowhere(
    store: Store, guests: Guests
) -> None:
    guests.come("jeanne", Role.OWNER)
    session = guests.come("ada", Role.MODERATOR)
    link = give_link("ada", store=store, now=NOON, by="jeanne")

    store.people.change("ada", Change.DISABLE, now=NOON, by="jeanne")

    assert guests.who_has(session) is None
    with pytest.raises(LinkSpent):
        guests.follow(link, WORDS)


def test_what_is_done_about_people_stands_in_the_log(store: Store, guests: Guests) -> None:
    guests.come("jeanne", Role.OWNER)
    invite("ada", Role.AUTHOR, store=store, now=NOON, by="jeanne")
    store.people.change("ada", Change.APPOINT, role=Role.MODERATOR, now=NOON, by="jeanne")

    lines = [(line.by, line.verb, line.subject) for line in store.actions.listed(size=2)]

    assert lines == [("jeanne", "appoint", "ada"), ("jeanne", "invite", "ada")]


@pytest.mark.parametrize("name", ["", "a b", "-ada", "a" * 41, "ada\n", "<ada>"])
def test_a_name_that_nobody_could_type_is_refused(name: str) -> None:
    if name == "ada\n":
        assert read_name(name) == "ada"
        return
    with pytest.raises(BadName):
        read_name(name)


@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_nobody_comes_by_a_name_that_signs_what_is_done_without_the_desk(
    store: Store, guests: Guests, name: str
) -> None:
    link = invite("jeanne", Role.OWNER, store=store, now=NOON, by="author")

    with pytest.raises(BadName, match="choose another"):
        invite(name.title(), Role.AUTHOR, store=store, now=NOON, by="jeanne")
    with pytest.raises(BadName, match="choose another"):
        guests.follow(link, WORDS, names=(name, ""))

    assert [user.name for user in store.people.listed()] == ["jeanne"]


def test_the_first_owner_of_a_blog_by_author_is_called_owner(store: Store) -> None:
    invite_first_owner("Author", store=store, now=NOON)

    assert [user.name for user in store.people.listed()] == ["owner"]


def test_a_name_is_taken_once(store: Store) -> None:
    invite("ada", Role.AUTHOR, store=store, now=NOON, by="jeanne")

    with pytest.raises(BadName, match="already"):
        invite("ADA", Role.OWNER, store=store, now=NOON, by="jeanne")


def test_nobody_is_let_in_or_out_who_is_not_known(store: Store) -> None:
    with pytest.raises(NoSuchUser, match="'ada'"):
        store.people.change("ada", Change.DISABLE, now=NOON, by="jeanne")


def test_the_command_line_invites_appoints_and_disables(author: Author, blog: BlogFolder) -> None:
    link = author.runs("user", "link").out.strip()
    assert link.startswith("http://localhost:8000/-/desk/welcome/")
    Guests(blog.store).follow(link.rpartition("/")[2], WORDS, names=("jeanne", "Jeanne"))
    invited = author.runs("user", "add", "Ada", "--role", "moderator", "--display", "Ada L.")
    assert invited.out.startswith("http://localhost:8000/-/desk/welcome/")

    assert author.runs("user", "role", "ada", "author").out == "ada is author.\n"
    assert author.runs("user", "disable", "ada").code == 0
    assert "only owner" in author.runs("user", "disable", "jeanne").err
    shown = author.runs("user", "list").out
    assert shown == "jeanne  owner  Jeanne\nada  author  Ada L.  (disabled)\n"
    assert author.runs("user", "list", "--json").json()[1]["role"] == "author"
    assert author.runs("user", "sessions", "jeanne", "--end").out == "1 ended.\n"
    assert author.runs("user", "sessions", "jeanne").out == "jeanne is signed in nowhere.\n"


def test_serve_prints_the_owners_link_as_long_as_nobody_has_come(
    blog: BlogFolder, serving: Callable[..., Serving]
) -> None:
    service = serving().until_ready()

    [path] = re.findall(r"/-/desk/welcome/\S+", service.said())
    page = service.get(path)
    assert page.status == 200
    assert 'value="me"' in page.body
    typed = {"name": "jeanne", "display_name": "Jeanne", "password": WORDS, "repeated": WORDS}
    answer = service.post(path, typed)

    assert answer.status == 303
    assert "__Host-" not in answer.headers["Set-Cookie"]
    assert service.get(path).status == 410
