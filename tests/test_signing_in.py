"""Signing in: by a password that is guessed slowly, or by a link that is good once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from actors import NOON, BlogFolder, Clock
from argon2 import PasswordHasher
from guests import PASSWORD, Guest, Guests
from lxml import html
from observatory import modifiers, score

from pingback_server.credentials import AT_ONCE, Passwords
from pingback_server.deeds.invite import invite, invite_first_owner
from pingback_server.domain.discussion import Whence
from pingback_server.domain.errors import Busy, NotLetIn, TooOften, WrongPassword
from pingback_server.domain.people import Change, Role
from pingback_server.domain.throttle import REMEMBERED_FOR, wait_after
from pingback_server.store import Store

pytestmark = pytest.mark.usefixtures("engine")

ELSEWHERE = Whence(network="198.51.100.0/24")


@pytest.fixture
def guests(store: Store) -> Guests:
    """People who come to the desk of an empty store, of whom Jeanne has a password."""
    guests = Guests(store)
    guests.come("jeanne", Role.OWNER)
    return guests


@pytest.fixture
def visitors(blog: BlogFolder) -> Guests:
    """The same, at a blog that has pages."""
    guests = Guests(blog.store)
    guests.come("jeanne", Role.OWNER)
    return guests


@pytest.fixture
def guest(blog: BlogFolder, clock: Clock, visitors: Guests) -> Guest:
    """A browser that comes to that blog's desk."""
    return Guest(blog, clock, visitors.passwords)


# Passwords


def test_a_password_is_kept_as_argon2id_and_as_nothing_else(guests: Guests, store: Store) -> None:
    _, kept = store.people.password_of("jeanne")

    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


def test_names_and_passwords_are_the_same_however_they_are_typed(guests: Guests) -> None:
    guests.come("ada", Role.AUTHOR)

    assert guests.sign_in(" Ada ", PASSWORD)


@pytest.mark.parametrize("name", ["jeanne", "nobody", "", "disabled", "invited", "a" * 5000])
def test_one_comparison_is_made_whoever_is_named(guests: Guests, name: str) -> None:
    guests.come("disabled", Role.AUTHOR)
    guests.store.people.change("disabled", Change.DISABLE, now=NOON, by="jeanne")
    guests.store.people.add("invited", Role.AUTHOR, now=NOON)
    guests.hasher.compared = 0

    with pytest.raises(WrongPassword, match=r"^name and password do not belong together$"):
        guests.sign_in(name, "x" * 100_000)

    assert guests.hasher.compared == 1


def test_nobody_signs_in_by_the_hash_of_nothing(guests: Guests) -> None:
    assert not guests.passwords.is_right("", "")


def test_a_password_hashed_with_less_work_is_hashed_anew(guests: Guests, store: Store) -> None:
    before = store.people.password_of("jeanne")
    guests.passwords = Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))

    guests.sign_in("jeanne")

    after = store.people.password_of("jeanne")
    assert ",t=1," in before[1]
    assert ",t=2," in after[1]
    assert guests.sign_in("jeanne")


def test_a_flood_has_two_passwords_looked_at_at_once_and_the_rest_sent_away() -> None:
    passwords, inside, over = Passwords(), threading.Semaphore(0), threading.Event()
    refused, most, now = [], [0], [0]
    guard = threading.Lock()

    def come() -> None:
        try:
            with passwords.turn():
                with guard:
                    now[0] += 1
                    most[0] = max(most[0], now[0])
                inside.release()
                over.wait(60)
                with guard:
                    now[0] -= 1
        except Busy:
            refused.append(True)
            inside.release()

    crowd = [threading.Thread(target=come) for _ in range(20)]
    for one in crowd:
        one.start()
    for _ in range(20 - AT_ONCE):
        assert inside.acquire(timeout=60)
    over.set()
    for one in crowd:
        one.join(60)

    assert most == [AT_ONCE]
    assert len(refused) == 20 - 2 * AT_ONCE


# Guessing


def test_no_more_than_ten_guesses_are_looked_at_in_any_minute() -> None:
    guesses, at = [], NOON
    while at < NOON + timedelta(hours=3):
        recent = [one for one in guesses if one > at - REMEMBERED_FOR]
        if not wait_after(recent, at):
            guesses.append(at)
        at += timedelta(seconds=1)

    for first in guesses:
        assert sum(first <= one < first + timedelta(minutes=1) for one in guesses) <= 10
    assert len(guesses) < 70


def test_guesses_at_one_name_are_slowed_down_from_wherever_they_come(guests: Guests) -> None:
    for number in range(5):
        with pytest.raises(WrongPassword):
            guests.sign_in("jeanne", "x", whence=Whence(network=f"192.0.{number}.0/24"))

    with pytest.raises(TooOften) as refusal:
        guests.sign_in("jeanne", PASSWORD, whence=ELSEWHERE)

    assert refusal.value.wait == timedelta(seconds=2)
    assert guests.sign_in("jeanne", PASSWORD, at=NOON + timedelta(seconds=2))


def test_guesses_from_one_network_are_slowed_down_whoever_is_named(guests: Guests) -> None:
    for number in range(5):
        with pytest.raises(WrongPassword):
            guests.sign_in(f"name{number}", "x")

    with pytest.raises(TooOften):
        guests.sign_in("jeanne", PASSWORD)

    assert guests.sign_in("jeanne", PASSWORD, whence=ELSEWHERE)


def test_a_name_that_nobody_has_is_slowed_down_like_any_other(guests: Guests) -> None:
    said = []
    for name in ("jeanne", "nobody"):
        for number in range(6):
            with pytest.raises(NotLetIn) as refusal:
                guests.sign_in(name, "x", whence=Whence(network=f"{name}{number}"))
            said.append(str(refusal.value))

    assert said[:6] == said[6:]


def test_who_has_a_password_does_not_guess_at_others_without_end(guests: Guests) -> None:
    guests.come("ada", Role.AUTHOR)
    for number in range(5):
        at = NOON + timedelta(milliseconds=number)
        guests.sign_in("ada", at=at)
        with pytest.raises(WrongPassword):
            guests.sign_in(f"name{number}", "x", at=at + timedelta(microseconds=1))

    with pytest.raises(TooOften):
        guests.sign_in("jeanne", "x")


def test_a_guess_that_was_right_is_not_counted(guests: Guests) -> None:
    for second in range(30):
        assert guests.sign_in("jeanne", at=NOON + timedelta(seconds=second))


# In the browser


def test_the_owner_comes_by_the_link_that_serve_prints(blog: BlogFolder, clock: Clock) -> None:
    guests = Guests(blog.store)
    link = invite_first_owner("Me", store=blog.store, now=clock())
    guest, path = Guest(blog, clock, guests.passwords), f"/-/desk/welcome/{link}"

    assert 'value="me"' in guest.opens(path)
    assert guest.opens(path)  # to look at it changes nothing
    typed = {"name": "jeanne", "display_name": "Jeanne", "password": PASSWORD}
    answer = guest.fills_in(path, **typed, repeated=PASSWORD)

    assert (answer.status_code, answer.location) == (303, "/-/desk")
    guest.opens("/-/desk")
    guest.opens(path, 410)


@contextmanager
def crowded(passwords: Passwords) -> Iterator[None]:
    """As many people sign in as there is room for, and more."""
    over, came = threading.Event(), threading.Semaphore(0)

    def come() -> None:
        with suppress(Busy), passwords.turn():
            came.release()
            over.wait(60)

    crowd = [threading.Thread(target=come) for _ in range(20)]
    for one in crowd:
        one.start()
    assert all(came.acquire(timeout=60) for _ in range(AT_ONCE))
    yield
    over.set()
    for one in crowd:
        one.join(60)


def test_who_comes_by_a_link_in_a_crowd_is_told_when_to_try_again(
    guest: Guest, visitors: Guests
) -> None:
    link = invite("ada", Role.AUTHOR, store=visitors.store, now=NOON, by="jeanne")
    path = f"/-/desk/welcome/{link}"
    guest.opens(path)

    with crowded(visitors.passwords):
        answer = guest.fills_in(path, name="ada", password=PASSWORD, repeated=PASSWORD)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    guest.opens(path)


def test_a_password_typed_differently_is_asked_for_again(guest: Guest, visitors: Guests) -> None:
    link = invite("ada", Role.AUTHOR, store=visitors.store, now=NOON, by="jeanne")
    path = f"/-/desk/welcome/{link}"
    guest.opens(path)

    answer = guest.fills_in(path, name="ada", password=PASSWORD, repeated=PASSWORD + "!")

    assert answer.status_code == 400
    assert "The two passwords differ." in guest.page
    assert PASSWORD not in guest.page


def test_who_signs_in_gets_on_to_the_page_that_was_asked_for(guest: Guest) -> None:
    guest.opens("/-/desk/account", 401)
    answer = guest.fills_in("/-/desk/sign-in", name="jeanne", password=PASSWORD)

    assert (answer.status_code, answer.location) == (303, "/-/desk/account")
    assert "You are signed in as jeanne." in guest.opens("/-/desk/account")


@pytest.mark.parametrize("place", ["posts/C%23%3F%2525.md", "posts?q=a%23b&page=2"])
def test_signs_with_a_meaning_in_addresses_survive_signing_in(guest: Guest, place: str) -> None:
    guest.opens(f"/-/desk/{place}", 401)

    answer = guest.fills_in("/-/desk/sign-in", name="jeanne", password=PASSWORD)

    assert answer.location == f"/-/desk/{place}"


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "/-/deskevil", "/-/desk/\\evil"]
)
def test_signing_in_leads_nowhere_else(guest: Guest, place: str) -> None:
    answer = guest.reader.posts(
        "/-/desk/sign-in", data={"name": "jeanne", "password": PASSWORD, "then": place}
    )

    assert (answer.status_code, answer.location) == (303, "/-/desk")


def test_the_pages_for_a_known_and_an_unknown_name_are_the_same(guest: Guest) -> None:
    pages = []
    for name in ("jeanne", "nobody"):
        answer = guest.signs_in(name, "wrong")
        assert answer.status_code == 401
        assert "Set-Cookie" not in answer.headers
        pages.append(guest.page.replace(name, "NAME"))

    assert pages[0] == pages[1]
    assert "Name and password do not belong together." in pages[0]


def test_who_guesses_too_often_is_told_how_long_to_wait(guest: Guest) -> None:
    for _ in range(5):
        guest.signs_in("jeanne", "wrong")

    answer = guest.signs_in("jeanne", PASSWORD)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "2"
    assert "Try again in 2 seconds." in guest.page


def test_the_cookie_is_for_our_server_alone(guest: Guest) -> None:
    cookie = guest.signs_in("jeanne").headers["Set-Cookie"]

    assert cookie.startswith("desk=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"} <= set(cookie.split("; "))


def test_by_tls_the_cookie_is_bound_to_the_host(
    blog: BlogFolder, clock: Clock, visitors: Guests
) -> None:
    blog.configure('SITEURL = "https://blog.example"')
    blog.build()
    guest = Guest(blog, clock, visitors.passwords)

    answer = guest.signs_in("jeanne")

    assert answer.headers["Set-Cookie"].startswith("__Host-desk=")
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")
    assert modifiers(dict(answer.headers))["cookies"] == 5
    assert score(dict(answer.headers)) >= 120
    guest.opens("/-/desk/account")
    gone = guest.fills_in("/-/desk/sign-out").headers["Set-Cookie"]
    assert gone.startswith("__Host-desk=;")
    assert "Secure" in gone.split("; ")
    for path in ("/-/desk/sign-in", "/-/desk/account", "/-/desk/posts"):
        assert score(dict(guest.reader.opens(path).headers)) >= 120, path


def test_another_site_signs_nobody_in(guest: Guest) -> None:
    data = {"name": "jeanne", "password": PASSWORD}

    answer = guest.reader.posts(
        "/-/desk/sign-in", data=data, headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_a_network_is_not_what_a_stranger_says_it_is(guest: Guest, visitors: Guests) -> None:
    guest.reader.posts(
        "/-/desk/sign-in",
        data={"name": "jeanne", "password": PASSWORD},
        headers={"X-Forwarded-For": "198.51.100.1"},
        environ_base={"REMOTE_ADDR": "203.0.113.7"},
    )

    user = visitors.store.people.named("jeanne").id
    assert visitors.store.people.sessions_of(user, NOON)[0].network == "203.0.113.0/24"


def test_all_who_come_through_a_proxy_that_nobody_named_are_not_one(guests: Guests) -> None:
    for number in range(6):
        with pytest.raises(WrongPassword):
            guests.sign_in(f"name{number}", "x", whence=Whence())

    assert guests.sign_in("jeanne", whence=Whence())


def boxes(page: str) -> dict[str, str]:
    """The boxes of a page that cannot be written in."""
    found = html.document_fromstring(page).xpath("//textarea[@readonly]")
    return {box.get("name"): box.text_content().strip() for box in found}


def test_what_was_typed_while_a_session_ended_is_there_to_be_copied(
    guest: Guest, blog: BlogFolder, clock: Clock
) -> None:
    guest.signs_in("jeanne")
    clock.passes(days=8)
    typed = {"title": "A post", "text": "All my <words>, 漢字\n" * 20_000}

    answer = guest.reader.posts(
        "/-/desk/posts/new", data={**typed, "form_token": "x", "password": "secret"}
    )
    guest.page = answer.get_data(as_text=True)
    shown = boxes(guest.page)
    assert (answer.status_code, shown) == (401, {key: text.strip() for key, text in typed.items()})

    wrong = guest.fills_in("/-/desk/sign-in", name="jeanne", password="no", **shown)
    assert (wrong.status_code, boxes(guest.page)) == (401, shown)
    clock.passes(minutes=6)
    right = guest.fills_in("/-/desk/sign-in", name="jeanne", password=PASSWORD, **shown)

    assert (right.status_code, boxes(guest.page)) == (200, shown)
    assert 'class="button first" href="/-/desk/posts/new"' in guest.page
    guest.opens("/-/desk/posts/new")
    assert not list((blog.folder / "content").glob("*a-post*"))


def test_a_form_of_another_site_shows_nothing_of_it_below_the_form_for_signing_in(
    guest: Guest,
) -> None:
    answer = guest.reader.posts(
        "/-/desk/posts/new", data={"text": "Of theirs"}, headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 401
    assert "Of theirs" not in answer.get_data(as_text=True)


def test_no_password_is_ever_shown_again(guest: Guest) -> None:
    answer = guest.reader.posts("/-/desk/password", data={"password": "old", "repeated": "secret"})

    assert answer.status_code == 401
    assert "secret" not in answer.get_data(as_text=True)
