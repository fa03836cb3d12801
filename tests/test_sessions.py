"""Sessions: they run out, end when their person says so, and with another password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from actors import NOON, BlogFolder, Clock
from guests import PASSWORD, Guest, Guests

from pingback_server.domain.people import IDLE_FOR, SESSION_FOR, Role
from pingback_server.domain.tokens import digest_of
from pingback_server.store import Store

pytestmark = pytest.mark.usefixtures("engine")

NEW = "quite another sentence"


@pytest.fixture
def guests(store: Store) -> Guests:
    """People who come to the desk of an empty store."""
    return Guests(store)


@pytest.fixture
def visitors(blog: BlogFolder) -> Guests:
    """People at a blog that has pages, of whom Jeanne and Ada have passwords and no session."""
    visitors = Guests(blog.store)
    for name, role in (("jeanne", Role.OWNER), ("ada", Role.AUTHOR)):
        visitors.come(name, role)
        blog.store.people.end_sessions(blog.store.people.named(name).id)
    return visitors


@pytest.fixture
def guest(blog: BlogFolder, clock: Clock, visitors: Guests) -> Guest:
    """Jeanne's browser, in which she is signed in."""
    guest = Guest(blog, clock, visitors.passwords)
    guest.signs_in("jeanne")
    return guest


def test_a_session_in_which_nothing_is_done_is_over_after_a_week(guests: Guests) -> None:
    token = guests.come("jeanne", Role.OWNER)

    assert guests.who_has(token, NOON + IDLE_FOR - timedelta(seconds=1))
    assert guests.who_has(token, NOON + IDLE_FOR + timedelta(days=1))
    assert guests.who_has(token, NOON + IDLE_FOR * 2 + timedelta(days=1)) is None


def test_a_session_is_over_after_thirty_days_however_much_it_is_used(guests: Guests) -> None:
    token = guests.come("jeanne", Role.OWNER)

    for day in range(1, SESSION_FOR.days):
        assert guests.who_has(token, NOON + timedelta(days=day)), day

    assert guests.who_has(token, NOON + SESSION_FOR) is None


def test_sessions_that_are_over_are_not_kept(guests: Guests, store: Store) -> None:
    guests.come("jeanne", Role.OWNER)
    user = store.people.named("jeanne").id
    at = NOON + SESSION_FOR

    guests.sign_in("jeanne", at=at)

    assert len(store.people.sessions_of(user, NOON)) == 1


def test_the_token_itself_is_kept_nowhere(guests: Guests, store: Store) -> None:
    token = guests.come("jeanne", Role.OWNER)

    assert store.people.session_of(token, NOON) is None
    assert store.people.session_of(digest_of(token), NOON)


def test_each_sign_in_has_a_session_of_its_own_whatever_cookie_there_was(guest: Guest) -> None:
    guest.reader._client.set_cookie("desk", "a-token-that-a-stranger-has-put-there")

    answer = guest.signs_in("jeanne")

    assert "a-token-that-a-stranger" not in answer.headers["Set-Cookie"]


def test_to_sign_in_again_ends_the_session_of_before(guest: Guest, visitors: Guests) -> None:
    people = visitors.store.people
    [before] = people.sessions_of(people.named("jeanne").id, NOON)

    guest.signs_in("jeanne")

    [after] = people.sessions_of(people.named("jeanne").id, NOON)
    assert after.id != before.id


def test_signing_out_ends_the_session_and_takes_the_cookie_away(guest: Guest) -> None:
    guest.opens("/-/desk/account")
    token = guest.reader._client.get_cookie("desk")

    answer = guest.fills_in("/-/desk/sign-out")

    assert (answer.status_code, answer.location) == (303, "/-/desk/sign-in")
    assert guest.reader._client.get_cookie("desk") is None
    guest.reader._client.set_cookie("desk", str(token and token.value))
    guest.opens("/-/desk", 401)


def test_one_sees_where_one_is_signed_in_and_ends_one_of_them(
    blog: BlogFolder, clock: Clock, guest: Guest, visitors: Guests
) -> None:
    phone = Guest(blog, clock, visitors.passwords)
    signs = "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"
    phone.reader._client.environ_base["HTTP_USER_AGENT"] = signs
    phone.signs_in("jeanne")
    page = guest.opens("/-/desk/account")
    assert "Firefox, Android" in page
    people = visitors.store.people
    newest, _ = people.sessions_of(people.named("jeanne").id, NOON)

    guest.fills_in("/-/desk/sessions", end=str(newest.id))

    phone.opens("/-/desk", 401)
    guest.opens("/-/desk")


def test_all_others_are_ended_at_once(
    blog: BlogFolder, clock: Clock, guest: Guest, visitors: Guests
) -> None:
    others = [Guest(blog, clock, visitors.passwords) for _ in range(2)]
    for other in others:
        other.signs_in("jeanne")
    guest.opens("/-/desk/account")

    guest.fills_in("/-/desk/sessions", end="others")

    for other in others:
        other.opens("/-/desk", 401)
    guest.opens("/-/desk")


def test_nobody_ends_the_session_of_somebody_else(
    blog: BlogFolder, clock: Clock, guest: Guest, visitors: Guests
) -> None:
    ada = Guest(blog, clock, visitors.passwords)
    ada.signs_in("ada")
    people = visitors.store.people
    [jeannes] = people.sessions_of(people.named("jeanne").id, NOON)
    ada.opens("/-/desk/account")

    ada.fills_in("/-/desk/sessions", end=str(jeannes.id))

    guest.opens("/-/desk")


def test_another_password_ends_all_other_sessions(
    blog: BlogFolder, clock: Clock, guest: Guest, visitors: Guests
) -> None:
    other = Guest(blog, clock, visitors.passwords)
    other.signs_in("jeanne")
    guest.opens("/-/desk/account")

    answer = guest.fills_in("/-/desk/password", old=PASSWORD, password=NEW, repeated=NEW)

    assert answer.status_code == 303
    other.opens("/-/desk", 401)
    assert "Your password is changed" in guest.opens(answer.location)
    assert other.signs_in("jeanne", PASSWORD).status_code == 401
    assert other.signs_in("jeanne", NEW).status_code == 303


def test_the_password_is_not_changed_by_who_does_not_know_it(guest: Guest) -> None:
    guest.opens("/-/desk/account")

    answer = guest.fills_in("/-/desk/password", old="x", password=NEW, repeated=NEW)

    assert answer.status_code == 400
    assert "This is not your password." in guest.page


def test_who_guesses_at_a_desk_left_open_is_told_how_long_to_wait(guest: Guest) -> None:
    guest.opens("/-/desk/account")
    for _ in range(6):
        answer = guest.fills_in("/-/desk/password", old="x", password=NEW, repeated=NEW)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "2"


def test_the_owner_invites_somebody_whose_link_is_shown_once(
    blog: BlogFolder, clock: Clock, guest: Guest, visitors: Guests
) -> None:
    guest.opens("/-/desk/people")
    typed = {"name": "zoe", "role": "author", "display_name": "Zoé"}
    page = guest.fills_in("/-/desk/people", **typed).get_data(as_text=True)
    path = page.partition("http://localhost:8000")[2].partition("<")[0]
    assert path not in guest.opens("/-/desk/people")

    zoe = Guest(blog, clock, visitors.passwords)
    zoe.opens(path)
    answer = zoe.fills_in(
        path, name="zoe", display_name="Zoé", password=PASSWORD, repeated=PASSWORD
    )

    assert answer.status_code == 303
    assert "People" not in zoe.opens("/-/desk")


def test_the_owner_changes_a_role_and_disables_but_never_the_last_owner(
    guest: Guest, visitors: Guests
) -> None:
    people = visitors.store.people
    guest.opens("/-/desk/people")
    assert guest.fills_in("/-/desk/people/ada", do="moderator").status_code == 303
    assert people.named("ada").role is Role.MODERATOR
    guest.opens("/-/desk/people")
    assert guest.fills_in("/-/desk/people/ada", do="disable").status_code == 303
    assert not people.named("ada").is_active

    guest.opens("/-/desk/people")
    answer = guest.fills_in("/-/desk/people/jeanne", do="disable")

    assert answer.status_code == 409
    assert "make another person owner first" in guest.page
    assert people.named("jeanne").is_active
