"""Who sits at the desk in the tests, with passwords that cost little to hash, and are counted."""

from __future__ import annotations

from datetime import datetime

from actors import NOON, BlogFolder, Clock, visit
from argon2 import PasswordHasher
from desk_actors import Buttons
from werkzeug.test import TestResponse

from pingback_server.credentials import Passwords
from pingback_server.deeds.invite import invite
from pingback_server.deeds.sign_in import sign_in
from pingback_server.deeds.welcome import welcome
from pingback_server.domain.discussion import Whence
from pingback_server.domain.people import Person, Role
from pingback_server.domain.tokens import digest_of
from pingback_server.store import Store

PASSWORD = "correct horse battery staple"
HOME = Whence(network="192.0.2.0/24")


class CountingHasher(PasswordHasher):
    """Argon2id at the least cost, which counts how often it compares."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.compared = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.compared += 1
        return super().verify(hash, password)


class Guests:
    """People who come to the desk, by a link or by their password."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.hasher = CountingHasher()
        self.passwords = Passwords(self.hasher)

    def come(self, name: str, role: Role, display_name: str = "") -> str:
        """Somebody is invited and follows the link; the token of the session."""
        link = invite(
            name, role, display_name=display_name, store=self.store, now=NOON, by="author"
        )
        return self.follow(link, PASSWORD, names=(name, display_name))

    def follow(
        self,
        link: str,
        password: str,
        *,
        names: tuple[str, str] = ("somebody", ""),
        at: datetime = NOON,
    ) -> str:
        return welcome(
            link,
            password,
            names=names,
            store=self.store,
            passwords=self.passwords,
            whence=HOME,
            now=at,
        )

    def sign_in(
        self, name: str, password: str = PASSWORD, *, whence: Whence = HOME, at: datetime = NOON
    ) -> str:
        return sign_in(
            name, password, store=self.store, passwords=self.passwords, whence=whence, now=at
        )

    def who_has(self, token: str, at: datetime = NOON) -> Person | None:
        return self.store.people.session_of(digest_of(token), at)


class Guest:
    """A browser without JavaScript that comes to the desk of a blog, and fills in its forms."""

    def __init__(self, blog: BlogFolder, clock: Clock, passwords: Passwords) -> None:
        self.reader = visit(blog, clock, passwords=passwords)
        self.page = ""

    def opens(self, path: str, status: int = 200) -> str:
        answer = self.reader.opens(path)
        self.page = answer.get_data(as_text=True)
        assert answer.status_code == status, (answer.status_code, self.page)
        return self.page

    def fills_in(self, action: str, **typed: str) -> TestResponse:
        """Send the form of the open page that goes to `action`, with these fields."""
        hidden = next(fields for to, fields, _ in Buttons(self.page).forms if to == action)
        answer = self.reader.posts(action, data={**dict(hidden), **typed})
        self.page = answer.get_data(as_text=True)
        return answer

    def signs_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        self.opens("/-/desk/sign-in")
        return self.fills_in("/-/desk/sign-in", name=name, password=password)
