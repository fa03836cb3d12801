"""Spreads texts over every field that a stranger fills in, and gathers the pages that show them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from actors import BlogFolder, Clock, FormFields, Reader, decide, visit
from ping_actors import HELLO, LOOPBACK, SITE, Worker, a_page
from spreading_desk import SUBJECT, TEXT, DeskSpread, Pages, bundles
from werkzeug.test import TestResponse

from pingback_server.domain.discussion import Entry, Kind, Response, Status, Submission, Verdict
from pingback_server.domain.form import is_web_address, tidy_text
from pingback_server.domain.markup import safe_html
from pingback_server.domain.quoting import lines, one_line
from pingback_server.domain.source_pages import SourcePage

_EMAIL = re.compile(r"[@\s<>(),:;\"\[\]\\]")
_SETTINGS = """DISCUSSION = {
    "close_after_days": 30_000, "comments_per_page": 10, "comments_per_network": 0,
    "preview": "newcomers",
}"""


def arm(blog: BlogFolder) -> None:
    """Give a blog what a spread needs: previews for all, no rates, a page that takes messages."""
    blog.configure(_SETTINGS)
    for number in range(11):  # more than the blog lists on one page
        blog.write_post(f"shown-{number}", "Another", "Words.")
    page = blog.folder / "content" / "pages" / "contact.md"
    page.write_text("Title: Contact\nSlug: contact\nTemplate: contact\n\nWords.\n", "utf-8")
    blog.build()


class Spread:
    """A blog in which each text stands in every field; `pages` are those that show them, by kind.

    Each of `texts` and `more` comes alone by the door as a comment, with what is refused in one
    field kept in the others, and lies alone in the queue. Where a page only gives back what was
    typed, and in what a source says of itself, each of `texts` stands alone, and `more` in bundles:
    one that did not stay text would change the page, whatever stands beside it. So many as `crowd`
    links of each kind lead to another post: a page folds what is more than a few.
    """

    def __init__(
        self,
        blog: BlogFolder,
        clock: Clock,
        texts: Sequence[str],
        more: Sequence[str] = (),
        crowd: int = 0,
    ) -> None:
        self.blog, self.clock, self.texts, self.more = blog, clock, texts, more
        self.pages = Pages()
        self.reader: Reader = visit(blog, clock, check_source=LOOPBACK.check)
        self._worker = Worker(blog, clock)
        self._fields = self.reader.form_of(blog.page("hello")).fields
        contact = (blog.output / "contact" / "index.html").read_text("utf-8")
        self._letter = FormFields(contact).fields
        self._write_posts()
        desk = DeskSpread(blog, clock, texts, more)
        self._at_the_door(texts)
        desk.decide()
        self._at_the_door(more)
        self._whatever_else()
        for number in range(crowd * len(Response)):
            self._pings(200_000 + number, "Words", target=HELLO.replace("hello", "shown-0"))
        desk.spread()
        self.pages.update(desk.pages)
        self._publish()

    def _typed(self, longest: int) -> list[str]:
        return [*self.texts, *bundles(self.more, longest)]

    def _at_the_door(self, texts: Sequence[str]) -> None:
        for text in texts:
            self._comments(text)
            self._private(text)

    def _whatever_else(self) -> None:
        for number, text in enumerate(self._typed(SUBJECT)):
            self._pings(number, text)
        for number, text in enumerate(self._typed(TEXT)):
            self._refused(text)
            self._own(text)
            self._failed_ping(number, text)
        for number in range(101):  # more than the desk lists on one page
            self._failed_ping(100_000 + number, "Words")

    def _refused(self, text: str) -> None:
        """The forms that come back with what was typed."""
        said = dict.fromkeys(("author", "email", "url", "comment", "parent"), text)
        self.pages.keep("form", self._sends(**said))
        self.pages.keep("form", self._sends(author="", email=text, comment=text))
        self.pages.keep("form", self._sends(token=text, author=text, comment=text))
        self.pages.keep("form", self._posts("/-/forget", {**self._fields, **said}))
        self.pages.keep("form", self._sends(author=text, comment="x" * 10_001))
        self.pages.keep(
            "contact", self._posts("/-/messages", {**self._letter, **said, "email": text})
        )
        pinged = {"data": {"source": text, "target": text}, "headers": {"Accept": "text/html"}}
        self.pages.keep("ping form", self.reader.posts("/-/webmention", **pinged))

    def _comments(self, text: str) -> None:
        """The preview, the receipt: whatever the text leads to, until each field has been taken."""
        said = {"author": text[:100], "email": _address(text), "comment": text[:9000]}
        if self._takes(url=text if is_web_address(text) else _site(text), **said):
            return
        self._takes(**{**said, "author": "Eve", "url": ""})
        self._takes(**{**said, "comment": "x", "url": ""})

    def _takes(self, **said: str) -> bool:
        answer = self._sends(**said)
        if answer.status_code == 200:
            answer = self._confirms(answer)
        if answer.status_code == 303:
            self.pages.keep("receipt", self.reader.opens(answer.location))
        return answer.status_code == 303

    def _sends(self, **typed: str) -> TestResponse:
        return self._posts("/-/comments", {**self._fields, **typed})

    def _posts(self, path: str, fields: dict[str, str]) -> TestResponse:
        return self.reader.posts(path, data=fields)

    def _confirms(self, preview: TestResponse) -> TestResponse:
        self.pages.keep("preview", preview)
        self.clock.passes(seconds=10)
        return self.reader.sends(preview.get_data(as_text=True))

    def _pings(self, number: int, text: str, target: str = HELLO) -> None:
        """A mention from a page that says the text in address, title, site, author and excerpt."""
        at = self._mentioned(f"n{number}.example", text, target)
        response = list(Response)[number % len(Response)]
        self._worker.read = lambda page, *_: SourcePage(
            links=True,
            shown_url=page.url,
            title=one_line(text, 300),
            site=one_line(text, 100),
            response=response,
            author=one_line(text, 100),
            excerpt=lines(text, 300),
            content=lines(text, len(text)),
            fragment=text,
        )
        self._worker.verifies()
        if number < len(self.texts):
            self.pages.keep("ping", self.reader.opens(at))

    def _mentioned(self, host: str, text: str, target: str = HELLO) -> str:
        """Have a page there mention a post, at an address with as much of the text as is taken."""
        for url in (_site(text).replace("example.org", host), f"https://{host}/"):
            status = self._posts("/-/webmention", {"source": url, "target": target})
            if status.status_code == 201:
                break
        assert status.status_code == 201, status.get_data(as_text=True)
        self._worker.get = lambda url, *_: a_page(url=url)
        self.clock.passes(seconds=2)
        return status.headers["Location"].removeprefix(SITE)

    def _private(self, text: str) -> None:
        """What somebody reports, and writes to the author, as it lies in the queue."""
        text = tidy_text(text)
        for kind, post in ((Kind.REPORT, "hello"), (Kind.MESSAGE, "contact")):
            said = Submission(post, None, text[:100], "", "", text, safe_html(text), kind=kind)
            self.blog.store.add(said, Verdict(Status.PENDING), self.clock())

    def _own(self, text: str) -> None:
        """A comment that its remembered writer changes, and takes back; it is no copy by now."""
        self.clock.passes(minutes=11)
        reader = visit(self.blog, self.clock) if text == self.texts[0] else self.reader
        said = {"author": text[:100], "comment": text[:9000], "remember": "yes"}
        answer = reader.posts("/-/comments", data={**self._fields, **said})
        if answer.status_code != 200:
            return
        answer = self._confirms(answer)
        if answer.status_code != 303:
            return
        self.pages.keep("own", reader.opens(f"{answer.location}/edit"))
        self.pages.keep(
            "own",
            reader.posts(f"{answer.location}/edit", data={"comment": f"{text}{'x' * 10_001}"}),
        )
        self.pages.keep(
            "own", reader.posts(f"{answer.location}/edit", data={"comment": f"*{text}"})
        )
        self.pages.keep("receipt", reader.opens(answer.location))
        reader.posts("/-/forget", data=self._fields)

    def _failed_ping(self, number: int, text: str) -> None:
        """A mention from a page that has no link."""
        self._mentioned(f"f{number}.example", text)
        self._worker.read = lambda page, *_: SourcePage(False, page.url, "", "")
        self._worker.verifies()

    def _write_posts(self) -> None:
        titles = [*self.texts[::5], *bundles(self.more[::5], 1_000)]
        for number, text in enumerate(titles):
            title = " ".join(re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())
            self.blog.write_post(f"titled-{number}", title or "None", "Words.")
        for number in range(51):  # more than the desk lists on one page
            self.blog.write_post(f"other-{number}", "Another", "Words.", Status="draft")

    def _publish(self) -> None:
        """Publish all that is approved by now, and what readers then see of it."""
        self._talk()
        entries = self.blog.store.entries()
        kept = [one for one in entries if one.kind not in (Kind.REPORT, Kind.MESSAGE)]
        decide([one.id for one in kept], Status.APPROVED, store=self.blog.store, now=self.clock())
        for entry in (one for one in kept if one.kind is Kind.COMMENT):
            self._answered(entry)
        self.blog.build()
        for name, body in self.blog.pages().items():
            if name.endswith(".html"):
                self.pages.setdefault("published", []).append(body.decode())

    def _talk(self) -> None:
        """Answers to answers, as deep as a page nests them and deeper."""
        parent = None
        for _ in range(7):
            said = Submission("hello", parent, "Ann", "", "", "Words", "<p>Words</p>")
            parent = self.blog.store.add(said, Verdict(Status.PENDING), self.clock()).id
            self.clock.passes(minutes=11)

    def _answered(self, entry: Entry) -> None:
        """The forms that quote a public comment."""
        self.pages.keep("reply", self.reader.opens(f"/-/comments/{entry.id}/reply"))
        self.pages.keep("report", self.reader.opens(f"/-/comments/{entry.id}/report"))


def _address(text: str) -> str:
    """An e-mail address with as much of the text as the door takes."""
    return f"{_EMAIL.sub('', text)[:60] or 'a'}@example.org"


def _site(text: str) -> str:
    """A website with as much of the text as the door takes."""
    url = "https://example.org/?" + re.sub(r'[\s\\"<>^`{|}]', "", text)[:400]
    return url if is_web_address(url) else f"https://example.org/?{quote(text[:100])}"
