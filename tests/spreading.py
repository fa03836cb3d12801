"""Spreads texts over every field that a stranger fills in, and gathers the pages that show them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from actors import BlogFolder, Clock, Reader, visit
from desk_actors import Moderator
from ping_actors import HELLO, LOOPBACK, SITE, Worker, a_page
from werkzeug.test import TestResponse

from pingback_server.deeds.moderate import decide
from pingback_server.domain.discussion import Kind, Response, Status, Submission, Verdict
from pingback_server.domain.form import is_web_address
from pingback_server.domain.markup import safe_html
from pingback_server.domain.people import Role
from pingback_server.domain.source_pages import SourcePage

_NEXT = re.compile(r'class="next" href="([^"]+)"')
_EMAIL = re.compile(r"[@\s<>(),:;\"\[\]\\]")


class Spread:
    """A blog in which each text stands in every field; `pages` are those that show them, by kind.

    Comments come by the door, where what it refuses in one field is kept in the others, pings by
    the worker, from sources that say the text wherever a source can say something.
    """

    def __init__(self, blog: BlogFolder, clock: Clock, texts: Sequence[str]) -> None:
        self.blog, self.clock, self.texts = blog, clock, texts
        self.pages: dict[str, list[str]] = defaultdict(list)
        self.reader: Reader = visit(blog, clock, check_source=LOOPBACK.check)
        self.desk = Moderator(blog, clock, Role.OWNER)
        self._write_posts()
        self._fields = self.reader.form_of(blog.page("hello")).fields
        for number, text in enumerate(texts):
            self._comments(text)
            self._pings(number, text)
            self._reports(text)
        self._at_the_desk()
        self._publish()

    def _keep(self, kind: str, answer: TestResponse) -> None:
        assert answer.status_code < 500, (kind, answer.status_code)
        if not 300 <= answer.status_code < 400:
            self.pages[kind].append(answer.get_data(as_text=True))

    def _write_posts(self) -> None:
        for number, text in enumerate(self.texts[::5]):
            title = " ".join(re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())
            self.blog.write_post(f"titled-{number}", title[:200] or "None", "Words.")
        self.blog.build()

    def _comments(self, text: str) -> None:
        """The form refused, the preview, the receipt: whatever the text leads to."""
        everywhere = dict.fromkeys(("author", "email", "url", "comment", "parent"), text)
        self._keep("form", self._sends(**everywhere))
        self._keep("form", self._sends(author="", email=text, comment=text))
        self._keep("form", self._sends(token=text, author=text, comment=text))
        said = {"author": text[:100], "email": _address(text), "comment": text[:9000]}
        for more in ({"url": text}, {"url": _site(text)}, {"author": "Eve"}, {"comment": "x"}):
            said = {**said, "url": "", **more}
            answer = self._sends(**said)
            if answer.status_code == 200:
                answer = self._confirms(answer)
            if answer.status_code == 303:
                self._keep("receipt", self.reader.opens(answer.location))
        self._keep(
            "preview", self._sends(**{**said, "url": "", "comment": f"[url=x]{text[:9000]}"})
        )

    def _sends(self, **typed: str) -> TestResponse:
        return self.reader.posts("/-/comments", data={**self._fields, **typed})

    def _confirms(self, preview: TestResponse) -> TestResponse:
        self._keep("preview", preview)
        self.clock.passes(seconds=10)
        return self.reader.sends(preview.get_data(as_text=True))

    def _pings(self, number: int, text: str) -> None:
        """A mention from a page that says the text in title, site, author and excerpt."""
        source = f"https://n{number}.example/{number % 7}"
        status = self.reader.posts("/-/webmention", data={"source": source, "target": HELLO})
        assert status.status_code == 201, status.get_data(as_text=True)
        worker = Worker(self.blog, self.clock)
        worker.get = lambda url, *_: a_page(url=url)
        response = list(Response)[number % len(Response)]
        worker.read = lambda page, *_: SourcePage(
            links=True,
            shown_url=page.url,
            title=text[:300],
            site=text[:100],
            response=response,
            author=text[:100],
            excerpt=text[:300],
            content=text,
            fragment=text,
        )
        self.clock.passes(seconds=2)
        worker.verifies()
        token = status.headers["Location"].removeprefix(SITE)
        self._keep("ping", self.reader.opens(token))

    def _reports(self, text: str) -> None:
        """What a reader says against a comment, as it lies in the queue."""
        said = Submission(
            "hello", None, text[:100], "", "", text, safe_html(text), kind=Kind.REPORT
        )
        self.blog.store.add(said, Verdict(Status.PENDING), self.clock())

    def _at_the_desk(self) -> None:
        self._queue("desk: queue")
        opens, posts = self.desk.reader.opens, self.desk.reader.posts
        token = self.desk.token()
        numbers = [entry.id for entry in self.blog.store.entries()]
        for number, text in zip(numbers, self.texts * 9, strict=False):
            at = f"/-/desk/entries/{number}"
            self._keep("desk: entry", opens(at))
            typed = {"form_token": token, "author": text, "email": text, "url": text, "text": text}
            self._keep("desk: entry", posts(at, data={**typed, "title": text}))
            self._keep("desk: entry", posts(at, data={**typed, "email": "", "url": ""}))
        for text in self.texts:
            search = self.desk.reader._client.get("/-/desk", query_string={"q": text, "is": "all"})
            self._keep("desk: queue", search)
            rule = {"form_token": token, "do": "block", "value": text, "note": text}
            self._keep("desk: lists", posts("/-/desk/lists", data=rule))
            rule["value"] = f"* {text}"[:200]
            posts("/-/desk/lists", data=rule)
            form = {"name": text, "password": text, "then": text}
            self._keep(
                "desk: sign-in", visit(self.blog, self.clock).posts("/-/desk/sign-in", data=form)
            )
        self._keep("desk: lists", opens("/-/desk/lists"))
        for path in ("", "/new", "/titled-0.md", "/titled-1.md"):
            self._keep(f"desk: posts{path[:4]}", opens(f"/-/desk/posts{path}"))

    def _queue(self, kind: str) -> None:
        at = "/-/desk?is=all"
        for _ in range(3 + len(self.texts)):
            answer = self.desk.reader.opens(at)
            self._keep(kind, answer)
            following = _NEXT.search(answer.get_data(as_text=True))
            if following is None:
                return
            at = following[1].replace("&amp;", "&")

    def _publish(self) -> None:
        """Approve all but reports, answer some, and publish."""
        entries = [one for one in self.blog.store.entries() if one.kind is not Kind.REPORT]
        decide(
            [one.id for one in entries], Status.APPROVED, store=self.blog.store, now=self.clock()
        )
        comments = [one for one in entries if one.kind is Kind.COMMENT]
        for entry, text in zip(comments, self.texts, strict=False):
            self._keep("reply", self.reader.opens(f"/-/comments/{entry.id}/reply"))
            self.desk.opens("/-/desk?is=approved")
            fields = {"form_token": self.desk.token(), "do": f"reply:{entry.id}"}
            fields[f"reply-{entry.id}"] = text
            self.desk.reader.posts("/-/desk/decisions", data=fields)
        self._queue("desk: queue")
        self._keep("desk: log", self.desk.reader.opens("/-/desk/log"))
        self.blog.build()
        for name, body in self.blog.pages().items():
            if name.endswith(".html"):
                self.pages["published"].append(body.decode())


def _address(text: str) -> str:
    """An e-mail address with as much of the text as the door takes."""
    return f"{_EMAIL.sub('', text)[:60] or 'a'}@example.org"


def _site(text: str) -> str:
    """A website with as much of the text as the door takes."""
    url = "https://example.org/?" + re.sub(r'[\s\\"<>^`{|}]', "", text)[:400]
    return url if is_web_address(url) else "https://example.org/"
