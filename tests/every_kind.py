"""A blog that shows every kind of page, and the list of those kinds; a pytest plugin."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from actors import NOON, Answer, BlogFolder, FormFields, Serving, wait_until
from sqlalchemy import create_engine, update

from pingback_server.deeds.import_file import import_file
from pingback_server.domain.discussion import Status
from pingback_server.domain.tokens import form_token
from pingback_server.server_settings import read_secrets
from pingback_server.store.schema import comments

EVERYTHING = """
*Emphasis*, **strength**, `code`, a [link](https://example.org/?a=1&b=2), a note[^1] and HTML.

Press <kbd>Ctrl</kbd>+<kbd>C</kbd>, <mark>mark</mark> it, <del>or not</del>: H<sub>2</sub>O, *see
[above](/2024/05/17/talk/)*.

[TOC]

<figure>
<img src="/theme/icon.svg" width="64" height="64" alt="Two chevrons">
<figcaption>As they open a quotation in French.</figcaption>
</figure>

## A heading

1. One
    - and below it

> A quotation.

### A smaller one

| Left | Right |
|------|------:|
| a    |     1 |

Term
:   Its definition.

- [x] done
- [ ] to do

<div class="admonition note" markdown="1">
<p class="admonition-title">Note</p>

An admonition with `code` and a [link](https://example.org/).
</div>

<details markdown="1">
<summary>What is folded</summary>

Unfolded, with `code` and a [link](https://example.org/).
</details>

```python
def f(x: int) -> str:
    return f"{x + 1}"  # a comment
```

```diff
-old
+new
```

---

*[HTML]: HyperText Markup Language
[^1]: At the foot.
"""
LONG = "Anticonstitutionnellement" * 6
HOSTILE = f"""
{LONG} `{LONG}` https://example.org/{LONG}?{LONG}={LONG} **{LONG}**

[TOC]

## {LONG}

| {" | ".join(f"Column {n}" for n in range(12))} |
|{"---|" * 12}
| {" | ".join(12 * ["A few words"])} |

> {LONG}

<details open><summary>{LONG}</summary><p>{LONG}</p></details>

{LONG}
:   {LONG}

```
{LONG}{LONG}
```
"""
SITE = "http://localhost:8000"
REMARK = """
So *this* is **it**: `code`, <https://example.org/?a=1&b=2>, [words](mailto:ada@example.org).

> A quotation.

1. One
2. Two

        and code
"""
# The form's trap is in each, as it is in what a browser sends.
TYPED = {"author": "Ada", "comment": "Un *mot*.", "subject": ""}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: what makes it, how its heading begins, and what a browser asks for it.

    What stands in braces is one of the blog's `places`.
    """

    template: str
    heading: str
    path: str
    status: int = 200
    sent: Mapping[str, str] | None = None


def answer(status: int, heading: str, **typed: str) -> Kind:
    """The kind of page that answers a comment which is not taken."""
    fields = {"token": "{talk_token}", **TYPED, **typed}
    return Kind("service/form.html", heading, "/-/comments", status, fields)


def preview(heading: str, **typed: str) -> Kind:
    """The kind of page that shows a suspect once more to its writer."""
    asked = answer(200, heading, comment="[url=https://example.org/]Un *mot*[/url].", **typed)
    return replace(asked, template="service/preview.html")


def letter(status: int, heading: str, **typed: str) -> Kind:
    """The kind of page that answers a message to the author which is not taken."""
    fields = {"token": "{contact_token}", **TYPED, **typed}
    return Kind("service/contact.html", heading, "/-/messages", status, fields)


KINDS = {
    "index": Kind("index.html", "Articles", "/"),
    "index-page-2": Kind("index.html", "Articles", "/page/2/"),
    "post": Kind("article.html", "La nuit & le jour", "{talk}"),
    "post-page-2": Kind("comment_page.html", "La nuit & le jour", "{talk}comment-page-2/"),
    "post-in-english": Kind("article.html", "All of Markdown", "{english}"),
    "post-too-wide": Kind("article.html", LONG, "{wide}"),
    "post-closed": Kind("article.html", "Clos", "{closed}"),
    "post-closed-and-silent": Kind("article.html", "Muet", "{silent}"),
    "page": Kind("page.html", "À propos", "/a-propos/"),
    "legal": Kind("legal.html", "Mentions", "/mentions-legales/"),
    "contact": Kind("contact.html", "Écrivez", "/contact/"),
    "year": Kind("period_archives.html", "2024", "/2024/"),
    "month": Kind("period_archives.html", "mai 2024", "/2024/05/"),
    "category": Kind("category.html", "Catégorie\xa0: Non classé", "/category/non-classe/"),
    "tag": Kind("tag.html", "Étiquette\xa0: nuit", "/tag/nuit/"),
    "author": Kind("author.html", "Articles de Moi", "/author/moi/"),
    "archives": Kind("archives.html", "Archives", "/archives/"),
    "categories": Kind("categories.html", "Catégories", "/categories/"),
    "tags": Kind("tags.html", "Étiquettes", "/tags/"),
    "authors": Kind("authors.html", "Auteurs", "/authors/"),
    "not-there": Kind("404.html", "Page introuvable", "/nowhere/", 404),
    "reply": Kind("service/form.html", "Répondre à Ada", "/-/comments/1/reply"),
    "reply-in-english": Kind("service/form.html", "Reply to Cleo", "/-/comments/9/reply"),
    "invalid": answer(400, "Votre", author=" ", email="x", url="x y", comment="", parent="99"),
    "invalid-in-english": answer(400, "Your", token="{english_token}", author="", comment=""),
    "invalid-reply": answer(400, "Votre", author="", parent="1"),
    "too-long": answer(413, "Votre", comment="trop " * 4000),
    "closed-meanwhile": answer(403, "Les commentaires sont", token="{closed_token}"),
    "gone-meanwhile": answer(404, "Cet article", token="{gone_token}"),
    "forged": answer(400, "Ce formulaire", token="forged"),
    "preview": preview("Relisez-vous"),
    "preview-in-english": preview("Please look", token="{english_token}"),
    "receipt-pending": Kind("service/receipt.html", "Merci", "{pending}"),
    "receipt-approved": Kind("service/receipt.html", "Merci", "{approved}"),
    "receipt-trash": Kind("service/receipt.html", "Votre", "{trash}"),
    "ping": Kind("service/ping.html", "Merci", "{ping}"),
    "ping-form": Kind("service/ping_form.html", "Vous avez parlé d’un article", "/-/webmention"),
    "report": Kind("service/report.html", "Signaler", "/-/comments/1/report"),
    "report-invalid": Kind(
        "service/report.html", "Votre", "/-/comments/1/report", 400, {"email": "x"}
    ),
    "reported": Kind("service/reported.html", "Merci", "{reported}"),
    "own-edit": Kind("service/own.html", "Modifier", "{pending}/edit"),
    "own-withdraw": Kind("service/own.html", "Retirer", "{pending}/withdraw"),
    "own-over": Kind("service/own.html", "Votre", "{trash}/edit", 403),
    "own-invalid": Kind("service/own.html", "Votre", "{pending}/edit", 400, {"comment": ""}),
    "letter-invalid": letter(400, "Votre message", author="", email="x"),
    "letter-too-long": letter(413, "Votre message", comment="trop " * 4000),
    "letter-forged": letter(400, "Ce formulaire", token="forged"),
    "letter-sent": Kind("service/sent.html", "Merci", "{letter}"),
    "message": Kind("service/message.html", "Rien ici", "/-/comments/99/reply", 404),
    "message-closed": Kind("service/message.html", "Les commentaires", "/-/comments/8/reply", 403),
    "message-not-so": Kind("service/message.html", "Pas", "/-/comments", 405),
}


POSTS = ("talk", "english", "wide", "closed", "silent")


class BlogOfAllKinds:
    """A French blog, served, in whose discussions all has happened that a page can show."""

    def __init__(self, folder: Path) -> None:
        self.blog = BlogFolder.init(folder, "--lang", "fr")
        discussion = {"comments_per_page": 3, "avatars": "identicon", "trackbacks": True}
        self.blog.configure(f"DEFAULT_PAGINATION, DISCUSSION = 2, {discussion}")
        self.blog.configure("SITESUBTITLE = 'Tout ce qu’une page peut montrer'")
        self.blog.configure("MENUITEMS = [('Archives', '/archives/')]")
        self._write_posts(closed="open")
        self.serving = Serving(self.blog, ("--only", "web"), {})
        self.places: dict[str, str] = {}

    def __enter__(self) -> BlogOfAllKinds:
        return self

    def __exit__(self, *_: object) -> None:
        self.serving.stop()
        self.blog.__exit__()

    def fill(self) -> None:
        """Let all be said and decided."""
        wait_until(lambda: self.serving.get("/healthz").status == 200, 60, self.serving.said)
        self.places = {
            **{name: self.blog.address(name) for name in POSTS},
            **{f"{name}_token": self._token(name) for name in ("talk", "english", "closed")},
            "contact_token": self._contact_token(),
            "gone_token": form_token(read_secrets(self.blog.settings), "gone"),
            **self._talk(),
        }
        self._bring_pings()
        self._write_posts(closed="closed")

    def _bring_pings(self) -> None:
        """Let other pages answer, like and mention a post; and one comment go that was answered."""
        there = {"kind": "webmention", "post": "talk", "status": "approved", "title": "Ailleurs"}
        sent = [
            {**there, "origin": what, "url": f"https://there.example/{what}", "author": what}
            for what in ("reply", "like", "repost", "bookmark", "mention")
        ]
        at = "2026-01-01T10:00:00Z"
        import_file(
            json.dumps([{**one, "at": at} for one in sent]), store=self.blog.store, now=NOON
        )
        engine = create_engine(self.blog.settings.store_url)
        read = update(comments).where(comments.c.response == "mention")
        with engine.begin() as connection:
            for what in ("like", "repost", "bookmark", "reply"):
                words = {"response": what, "html": "<p>Là-bas.</p>", "edited_at": NOON}
                connection.execute(read.where(comments.c.url.endswith(f"/{what}")).values(words))
        engine.dispose()
        self._decide(Status.TRASH, 2)

    def _write_posts(self, closed: str) -> None:
        """Write and publish them, of a day that is past on any clock."""
        lines = {"Date": "2024-05-17 09:30", "Tags": "nuit, jour"}
        write = self.blog.write_post
        moved = {"Modified": "2024-05-18 10:00", "Aliases": "/nuit/"}
        write("talk", "La nuit & le jour", "Un *texte*.", **lines, **moved)
        write("english", "All of Markdown", EVERYTHING, **lines, Lang="en", Category="Craft")
        write("wide", LONG, HOSTILE, **lines, Lang="en", Category=LONG)
        write("closed", "Clos", "Un texte.", **lines, Comments=closed)
        write("silent", "Muet", "Un texte.", **lines, Comments="closed")
        self._write_page("mentions-legales", "Mentions légales", Template="legal")
        self._write_page("contact", "Écrivez-moi", Template="contact")
        self.blog.build()

    def _write_page(self, slug: str, title: str, **metadata: str) -> None:
        head = "".join(f"{key}: {value}\n" for key, value in metadata.items())
        page = self.blog.folder / "content" / "pages" / f"{slug}.md"
        page.write_text(f"Title: {title}\nSlug: {slug}\n{head}\nUn texte.\n", "utf-8")

    def _token(self, slug: str) -> str:
        return FormFields(self.blog.page(slug)).fields["token"]

    def _contact_token(self) -> str:
        return FormFields(self.serving.get("/contact/").body).fields["token"]

    def _talk(self) -> dict[str, str]:
        """Comment, answer and decide; the receipts by what became of the comment."""
        approved = self._says("talk", author="Ada", url="https://ada.example/", comment=REMARK)
        for number in range(1, 6):
            self._decide(Status.APPROVED, number)
            self._says("talk", comment="D’accord.", parent=str(number))
        self._says("talk", author="عائشة", comment="مرحبا")
        self._says("closed", author="Bea", comment="À temps.")
        self._says("english", author="Cleo", comment="Agreed.")
        self._decide(Status.APPROVED, 6, 7, 8, 9)
        pending = self._says("talk", author="Dora", comment=REMARK)
        trash = self._says("talk", author="Eve", comment="Non.")
        self._decide(Status.TRASH, 11)
        fields = {"token": self._contact_token(), "author": "Fay", "comment": REMARK, "subject": ""}
        letter = self.serving.post("/-/messages", fields).headers["Location"]
        sent = {"source": "https://stranger.example/", "target": SITE + self.blog.address("talk")}
        mention = self.serving.post("/-/webmention", sent).headers["Location"]
        report = {"token": self._token("talk"), "comment": "Ceci me vise.", "subject": ""}
        reported = self.serving.post("/-/comments/1/report", report).headers["Location"]
        return {
            "reported": reported,
            "approved": approved,
            "pending": pending,
            "trash": trash,
            "letter": letter,
            "ping": mention.removeprefix(SITE),
        }

    def _says(self, slug: str, **typed: str) -> str:
        """Send the form of a post; the address of the receipt."""
        said = self.serving.comment(slug, **typed)
        assert said.status == 303, said.body
        return said.headers["Location"]

    def _decide(self, status: Status, *numbers: int) -> None:
        self.blog.store.decide(numbers, status, now=datetime.now(UTC), by="author")

    def fields(self, kind: Kind) -> dict[str, str] | None:
        """What a form sends to get such a page; none if an address is enough."""
        if kind.sent is None:
            return None
        return {name: value.format(**self.places) for name, value in kind.sent.items()}

    def path(self, kind: Kind) -> str:
        return kind.path.format(**self.places)

    def page(self, kind: Kind) -> Answer:
        """A page of this kind, as it came over HTTP."""
        fields = self.fields(kind)
        path = self.path(kind)
        return self.serving.get(path) if fields is None else self.serving.post(path, fields)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlogOfAllKinds]:
    """A served blog with pages of every kind."""
    with BlogOfAllKinds(tmp_path_factory.mktemp("kinds") / "blog") as site:
        site.fill()
        yield site
