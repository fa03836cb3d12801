"""Who sits at the desk in the tests: somebody who is signed in, without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from actors import BlogFolder, Clock, Reader, visit
from werkzeug.test import TestResponse

from pingback_server.domain.people import Role
from pingback_server.domain.tokens import desk_token, digest_of
from pingback_server.server_settings import read_secrets

TOKEN = "a-token-that-a-browser-keeps"


class Buttons(HTMLParser):
    """The forms of a page of the desk: where each goes, its hidden fields and its buttons.

    A button that sends a form to somewhere else stands as one more.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]], list[tuple[str, str]]]] = []
        self._named: dict[str, tuple[str, list[tuple[str, str]], list[tuple[str, str]]]] = {}
        self._apart: list[dict[str, str]] = []
        self.feed(page)
        for button in self._apart:
            action, hidden, _ = self._named[button["form"]]
            pressed = (button["name"], button["value"])
            self.forms.append((button.get("formaction", action), hidden, [pressed]))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.forms.append((values.get("action", ""), [], []))
            self._named[values.get("id", "")] = self.forms[-1]
        elif tag == "input" and values.get("type") == "hidden":
            self.forms[-1][1].append((values["name"], values["value"]))
        elif tag == "button" and "form" in values:
            self._apart.append(values)
        elif tag == "button" and "name" in values:
            self.forms[-1][2].append((values["name"], values["value"]))


class Moderator:
    """Opens pages of the desk and presses their buttons; each press is counted."""

    def __init__(
        self,
        blog: BlogFolder,
        clock: Clock,
        role: Role,
        name: str = "ada",
        display_name: str | None = None,
    ) -> None:
        self.blog = blog
        self.clock = clock
        self.presses = 0
        self.page = ""
        shown = name.title() if display_name is None else display_name
        user = blog.store.people.add(name, role, display_name=shown, now=clock())
        token = f"{TOKEN}-of-{name}"
        self.digest = digest_of(token)
        self.session = blog.store.people.begin_session(
            user, self.digest, now=clock(), expires_at=clock() + timedelta(days=30)
        )
        self.reader: Reader = visit(blog, clock)
        self.reader._client.set_cookie("desk", token)

    def opens(self, path: str = "/-/desk") -> str:
        answer = self.reader.opens(path)
        self.page = answer.get_data(as_text=True)
        assert answer.status_code == 200, (answer.status_code, self.page)
        return self.page

    def presses_button(self, value: str, **typed: Any) -> TestResponse:
        """Press the button with this value on the page that is open, as a browser does."""
        action, hidden, name = next(
            (action, hidden, name)
            for action, hidden, buttons in Buttons(self.page).forms
            for name, there in buttons
            if there == value
        )
        self.presses += 1
        fields = {**dict(hidden), **typed, name: value}
        return self.reader.posts(action, data=fields)

    def sends_form(self, action: str, **typed: Any) -> TestResponse:
        """Send the form of the page that is open which leads there, with nothing else typed."""
        hidden = next(hidden for to, hidden, _ in Buttons(self.page).forms if to == action)
        fields: dict[str, Any] = {}
        for name, value in hidden:
            fields.setdefault(name, []).append(value)
        return self.reader.posts(action, data={**fields, **typed})

    def does(self, value: str, **typed: Any) -> str:
        """Press a button and be led back; the page that is then open."""
        answer = self.presses_button(value, **typed)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return self.opens(answer.location.partition("#")[0])

    def token(self) -> str:
        """What the forms of this session carry."""
        return desk_token(read_secrets(self.blog.settings), self.digest)
