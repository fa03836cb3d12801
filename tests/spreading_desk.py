"""Spreads texts over what is typed and shown at the desk, and gathers its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from actors import BlogFolder, Clock, visit
from desk_actors import Moderator
from werkzeug.test import TestResponse

from pingback_server.domain.discussion import Kind
from pingback_server.domain.people import Role

_NEXT = re.compile(r'class="next" href="([^"]+)"')
_DECISION = re.compile(r'name="do" value="((?:approve|hold|spam|restore):[^"]+)"')
# What a field takes, and still shows: what is longer is cut, or refused without being shown.
QUERY, SUBJECT, NAME, TEXT = 450, 290, 100, 2_000


def bundles(texts: Sequence[str], longest: int) -> Iterator[str]:
    """The texts, as many to a bundle as fit; one that is too long is cut."""
    bundle = ""
    for text in texts:
        joined = f"{bundle}\n{text}" if bundle else text
        if len(joined) > longest and bundle:
            yield bundle
            joined = text
        bundle = joined[:longest]
    if bundle:
        yield bundle


class Pages(dict[str, list[str]]):
    """Pages by kind, each once."""

    def keep(self, kind: str, answer: TestResponse) -> TestResponse:
        """Keep the page of an answer, unless it leads elsewhere; the service may not fail."""
        assert answer.status_code < 500, (kind, answer.status_code)
        if not 300 <= answer.status_code < 400:
            self.setdefault(kind, []).append(answer.get_data(as_text=True))
        return answer


class DeskSpread:
    """Somebody who types each of `texts`, and `more` in bundles, into every field of the desk."""

    def __init__(
        self, blog: BlogFolder, clock: Clock, texts: Sequence[str], more: Sequence[str]
    ) -> None:
        self.blog, self.clock, self.texts, self.more = blog, clock, texts, more
        self.pages = Pages()
        self.desk = Moderator(blog, clock, Role.OWNER)
        self._token = self.desk.token()

    def spread(self) -> None:
        """Everything but what `decide` does."""
        self._all_pages("desk: queue", "/-/desk?is=all")
        self._entries()
        self._queue()
        self._lists()
        self._people()
        self._posts()
        self._signing_in()
        self._all_pages("desk: pings", "/-/desk/pings")
        self._all_pages("desk: log", "/-/desk/log")

    def _typed(self, longest: int) -> list[str]:
        return [*self.texts, *bundles(self.more, longest)]

    def _opens(self, path: str, **query: str) -> TestResponse:
        return self.desk.reader._client.get(path, query_string=query or None, buffered=True)

    def _sends(self, path: str, **fields: str) -> TestResponse:
        return self.desk.reader.posts(path, data={"form_token": self._token, **fields})

    def _all_pages(self, kind: str, at: str) -> None:
        while at:
            answer = self.pages.keep(kind, self._opens(at))
            following = _NEXT.search(answer.get_data(as_text=True))
            at = following[1].replace("&amp;", "&") if following else ""

    def _entries(self) -> None:
        """Each entry, some of them corrected into the texts, with what they said before."""
        entries = self.blog.store.entries()
        comments = [one.id for one in entries if one.kind is Kind.COMMENT]
        others = [one.id for one in entries if one.kind is not Kind.COMMENT]
        for number, text in zip(comments, self._typed(TEXT), strict=False):
            said = dict.fromkeys(("author", "email", "url", "text", "title"), text)
            self._corrects(number, **said)
            self._corrects(number, author="x" * 101, url=text, text=text)
            self._corrects(number, text=f"{text}.")
        for number, text in zip(others, self._typed(SUBJECT), strict=False):
            self._corrects(number, title=text, author=text)
            self._corrects(number, title=" ", author=" ")
        shown = len(self._typed(TEXT))
        for number in [*comments[:shown], *others[: 4 * shown]]:
            self.pages.keep("desk: entry", self._opens(f"/-/desk/entries/{number}"))

    def _corrects(self, number: int, **fields: str) -> None:
        self.pages.keep("desk: entry", self._sends(f"/-/desk/entries/{number}", **fields))

    def decide(self) -> None:
        """What is sought stands in the box, in every link, and beside the notice with «Undo».

        Best done while the queue is short: each text is sought in all of it, again and again.
        """
        for text in self.texts:
            done = self._decides(text)
            self._sends("/-/desk/decisions", **{"do": f"reply:{done}", f"reply-{done}": text})
            chosen = {"is": "all", "q": text, "after": text, "upto": text, "chosen": text}
            self._asks_to_delete(chosen)

    def _queue(self) -> None:
        """The same of bundles, where nothing is found."""
        for text in bundles(self.more, QUERY):
            sought = {"is": "trash", "q": text, "done": "1"}
            if self.pages.keep("desk: queue", self._opens("/-/desk", **sought)).status_code == 400:
                for line in text.split("\n"):
                    self.pages.keep("desk: queue", self._opens("/-/desk", **{**sought, "q": line}))
            self._asks_to_delete({"is": "trash", "q": text, "all": "yes"})

    def _decides(self, text: str) -> str:
        """Press the first button of what is found; which one it was about."""
        found = self.pages.keep("desk: queue", self._opens("/-/desk", q=text, **{"is": "all"}))
        button = _DECISION.search(found.get_data(as_text=True))
        if button is None:
            return "1"
        decided = self._sends("/-/desk/decisions", q=text, do=button[1], **{"is": "all"})
        assert decided.status_code == 303
        self.pages.keep("desk: queue", self._opens(decided.location.partition("#")[0]))
        undone = self._sends("/-/desk/undo", q=text, **{"is": "all"})
        self.pages.keep("desk: queue", self._opens(undone.location.partition("#")[0]))
        return button[1].partition(":")[2]

    def _asks_to_delete(self, chosen: dict[str, str]) -> None:
        chosen = {**chosen, "do": "delete"}
        self.pages.keep("desk: deletion", self._sends("/-/desk/decisions", **chosen))
        self.pages.keep("desk: deletion", self._sends("/-/desk/deletion", **chosen, typed="x"))

    def _lists(self) -> None:
        """Domains that are none are refused; as a pattern nearly all is taken."""
        for text in self._typed(SUBJECT):
            for do in ("trust", "block"):
                refused = self._sends("/-/desk/lists", do=do, subject=f"{text}@", note=text)
                self.pages.keep("desk: lists", refused)
        for text in self._typed(SUBJECT):
            said = {"do": "block", "subject": f"* {text}", "note": text}
            self.pages.keep("desk: lists", self._sends("/-/desk/lists", **said))
        self.pages.keep("desk: lists", self._opens("/-/desk/lists"))

    def _people(self) -> None:
        """Who is invited has any name to be shown."""
        for text in self._typed(NAME):
            said = {"name": text, "display_name": text, "role": text}
            self.pages.keep("desk: people", self._sends("/-/desk/people", **said))
        for number, text in enumerate(self.texts):
            said = {"name": f"guest{number}", "display_name": text[:NAME], "role": "owner"}
            self._welcome(self._sends("/-/desk/people", **said), text)
        self.pages.keep("desk: people", self._opens("/-/desk/people"))

    def _welcome(self, invited: TestResponse, text: str) -> None:
        """What the guest types; a name that turns its surroundings round is not even invited."""
        link = re.search(r"/-/desk/welcome/[\w-]+", invited.get_data(as_text=True))
        if link is None:
            self.pages.keep("desk: people", invited)
            return
        typed = {"name": text, "display_name": text, "password": text, "repeated": "x"}
        self.pages.keep("desk: welcome", self.desk.reader.posts(link[0], data=typed))

    def _posts(self) -> None:
        """Posts are sought, begun and saved; what cannot be saved comes back."""
        for text in self._typed(NAME):
            self.pages.keep("desk: posts", self._opens("/-/desk/posts", q=text, **{"is": text}))
        for text in self._typed(TEXT):
            typed = {"title": "!", "category": text, "text": text}
            self.pages.keep("desk: new post", self._sends("/-/desk/posts/new", **typed))
            lost = self._sends("/-/desk/posts/gone.md", text=text, digest=text)
            self.pages.keep("desk: new post", lost)
            changed = self._sends("/-/desk/posts/titled-0.md", text=text, digest=text)
            self.pages.keep("desk: post", changed)
        for path in sorted((self.blog.folder / "content").glob("titled-*.md")):
            self.pages.keep("desk: post", self._opens(f"/-/desk/posts/{path.name}"))
        self._all_pages("desk: posts", "/-/desk/posts")

    def _signing_in(self) -> None:
        """The name comes back, and where one wanted to go: soon without a look at the password."""
        stranger = visit(self.blog, self.clock)
        stranger._client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
        for text in self._typed(NAME):
            form = {"name": text, "password": text, "then": f"/-/desk?q={text}"}
            self.pages.keep("desk: sign-in", stranger.posts("/-/desk/sign-in", data=form))
