"""Submissions made by a seed, what a real WordPress says of them, and what we say, in one wording.

`python tests/as_wordpress.py` records the sample of tests/cases/wordpress.json anew, by the one at
`SCRIPT`, which it starts and ends.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from actors import BlogFolder, Clock, Reader, visit

from pingback_server.domain.discussion import Entry, Status
from pingback_server.domain.posts import Post, write_manifest
from pingback_server.domain.settings import DiscussionSettings
from pingback_server.domain.tokens import form_token
from pingback_server.manifest import PublishedBlog
from pingback_server.server_settings import read_secrets

ROOT = Path(__file__).resolve().parent.parent
# What starts and ends one, where there is one beside the checkout; or what WORDPRESS names.
SCRIPT = Path(
    os.environ.get("WORDPRESS", ROOT.parent / "shared" / "peers" / "wordpress" / "wordpress.sh")
)
RECORD = Path(__file__).parent / "cases" / "wordpress.json"
_PHP = Path(__file__).parent / "as_wordpress.php"

MODERATED = ("politics", "10.0.0.1", "make money", "élan")
DISALLOWED = ("casino", "pills")
# One scenario each: WordPress's options, and the same in ours.
SCENARIOS: Mapping[str, tuple[dict[str, object], dict[str, object]]] = {
    "as shipped": ({}, {}),
    "only suspects wait": ({"comment_previously_approved": 0}, {"moderation": "suspects"}),
    "everything waits": ({"comment_moderation": 1}, {"moderation": "everything"}),
    "words": (
        {
            "comment_previously_approved": 0,
            "moderation_keys": "\n".join(MODERATED),
            "disallowed_keys": "\n".join(DISALLOWED),
        },
        {
            "moderation": "suspects",
            "moderation_words": MODERATED,
            "disallowed_words": DISALLOWED,
        },
    ),
    "nameless, no limit of links": (
        {"comment_previously_approved": 0, "require_name_email": 0, "comment_max_links": 0},
        {
            "moderation": "suspects",
            "require_name": False,
            "require_email": False,
            "hold_at_links": 0,
        },
    ),
}
_THEIRS = {
    "comment_previously_approved": 1,
    "comment_moderation": 0,
    "require_name_email": 1,
    "comment_max_links": 2,
    "moderation_keys": "",
    "disallowed_keys": "",
    "close_comments_for_old_posts": 1,
    "close_comments_days_old": 14,
    "comment_registration": 0,
}
_OURS: dict[str, object] = {"require_email": True, "preview": "never", "old_post_days": 0}
_WORDS = {
    "1": "published",
    "0": "held",
    "trash": "suspected",
    "spam": "suspected",
    "comment_duplicate": "repeat",
    "comment_flood": "too many",
    "comment_closed": "closed",
    "require_name_email": "missing",
    "require_valid_email": "malformed",
    "require_valid_comment": "empty",
    "comment_id_not_found": "unknown",
    "comment_author_column_length": "too long",
    "comment_author_email_column_length": "too long",
    "comment_author_url_column_length": "too long",
    "comment_content_column_length": "too long",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission: `after` seconds after the one before, answering the number `parent` of them.

    `approved_before` are the numbers that the author approves just before; -1 is a parent that
    never was.
    """

    post: str
    author: str
    email: str
    url: str
    comment: str
    ip: str
    after: int
    parent: int | None = None
    approved_before: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What we make of a submission, in the common wording, and the rules that spoke."""

    verdict: str
    rules: tuple[str, ...] = ()


_NAMES = ("Ada", "Zoë", "Marc", "Léa", "Tom")
_TEXTS = (
    "I read it twice and agree with the second half.",
    "Merci pour ce billet, la fin est la plus juste.",
    "Une question : et les brouillons ?",
    "Let us talk politics instead.",
    "geopolitics is another matter",
    "We were at 10.0.0.11 that evening",
    "write to 10.0.0.1 at once",
    "You can make money with it",
    "you make no money",
    "un bel elan, vraiment",
    "un bel Élan, vraiment",
    "the casino of Monte Carlo is a fine building",
    "the casinos of Nice",
    "ca<b></b>sino",
    "spills of oil",
    "see https://example.org/a for the long story",
    "see https://example.org/a and http://example.org/b for the long story of it all",
    "one https://a.example two https://b.example three https://c.example and words beside",
    "https://example.org/a",
    '<a href="https://example.org/">here</a> it is, with the words around it',
    "[url=https://example.org/]here[/url]",
    " ",
    "é" * 40_000,
    "x" * 11_000,
)
_ODD = ("", "no-address", "a@b", "ada@example.org")


def submissions(seed: int, count: int) -> list[Sent]:
    """`count` submissions: names known and new, words, links, repeats, floods, threads, closing."""
    source = random.Random(seed)
    made: list[Sent] = []
    for number in range(count):
        if made and source.random() < 0.12:
            sent = replace(source.choice(made[-5:]), approved_before=())
            made.append(replace(sent, after=source.choice((0, 20, 700))))
            continue
        name = source.choice(_NAMES)
        text = source.choice(_TEXTS[:3] if source.random() < 0.4 else _TEXTS)
        is_long = len(text) > 1000
        made.append(
            Sent(
                post=source.choice(("open", "open", "open", "other", "closed", "old", "gone")),
                author=""
                if source.random() < 0.05
                else name * (60 if source.random() < 0.02 else 1),
                email=source.choice(_ODD)
                if source.random() < 0.2
                else f"{name.lower()}@example.org".replace("ë", "e").replace("é", "e"),
                url=source.choice(("", "", f"https://{number}.example/")),
                comment=text if is_long or not text.strip() else f"{text} {number}",
                ip=f"198.51.{number % 250}.{source.randrange(1, 250)}",
                after=source.choice((20, 20, 20, 3)),
                parent=_parent(source, number),
                approved_before=(source.randrange(number),)
                if number and source.random() < 0.2
                else (),
            )
        )
    return made


def _parent(source: random.Random, number: int) -> int | None:
    if not number or source.random() < 0.8:
        return None
    return -1 if source.random() < 0.1 else source.randrange(number)


def cases(seed: int, count: int) -> list[dict[str, Any]]:
    """The scenarios with `count` submissions each, as the two sides read them."""
    return [
        {
            "name": name,
            "wordpress": {**_THEIRS, **theirs},
            "submissions": [asdict(sent) for sent in submissions(seed + place, count)],
        }
        for place, (name, (theirs, _)) in enumerate(SCENARIOS.items())
    ]


@contextmanager
def running_wordpress() -> Iterator[None]:
    """A WordPress that is up; the first time, its packages are fetched and it is installed."""
    subprocess.run([SCRIPT, "up"], check=True, timeout=280, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        subprocess.run([SCRIPT, "down"], check=True, timeout=60)


def ask_wordpress(asked: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """What the running WordPress says, in our words."""
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / f"{name}.json" for name in ("CASES", "VERDICTS")}
        files["CASES"].write_text(json.dumps(asked), encoding="utf-8")
        environment = {**os.environ, **{name: str(file) for name, file in files.items()}}
        command = [SCRIPT, "wp", "eval", f"require '{_PHP}';"]
        subprocess.run(command, env=environment, check=True, timeout=900)
        said: list[list[str]] = json.loads(files["VERDICTS"].read_text("utf-8"))
    return [[_WORDS[word] for word in words] for words in said]


class Ours:
    """The same submissions at our door, in this process, by a clock of their own."""

    def __init__(self, blog: BlogFolder) -> None:
        self._blog = blog
        self._clock = Clock()
        self._secrets = read_secrets(blog.settings)
        self._published = PublishedBlog(blog.settings.manifest_path)()

    def answers(self, name: str, sent: Sequence[Sent]) -> list[Said]:
        """What we make of each of `sent`, in the scenario `name`."""
        self._clock.passes(days=2)
        self._configure({**_OURS, **SCENARIOS[name][1]})
        reader = visit(self._blog, self._clock)
        numbers: list[int | None] = []
        said = []
        for one in sent:
            self._clock.passes(seconds=one.after)
            approved = [number for index in one.approved_before if (number := numbers[index])]
            self._blog.store.decide(approved, Status.APPROVED, now=self._clock(), by="author")
            answer = self._send(reader, one, numbers)
            number = _number(answer.location) if answer.status_code == 303 else None
            fresh = None if number in numbers else number
            numbers.append(fresh)
            entry = self._blog.store.entry(fresh) if fresh else None
            said.append(_said(answer.status_code, answer.get_data(as_text=True), entry))
        return said

    def _configure(self, settings: Mapping[str, object]) -> None:
        """Publish the posts anew with these settings and these instants of closing."""
        now = self._clock()
        posts = {name: self._post(name, now) for name in ("open", "other", "closed", "old")}
        chosen = DiscussionSettings(**settings)  # type: ignore[arg-type]
        manifest = replace(self._published, discussion=chosen, posts=posts, built_at=now)
        self._blog.settings.manifest_path.write_text(write_manifest(manifest), encoding="utf-8")

    def _post(self, name: str, now: datetime) -> Post:
        closes_at = now - timedelta(days=6) if name == "old" else None
        return Post(name, f"/{name}/", name, "en", name != "closed", closes_at)

    def _send(self, reader: Reader, one: Sent, numbers: Sequence[int | None]) -> Any:
        parent = "" if one.parent is None else "999999" if one.parent < 0 else numbers[one.parent]
        fields = {
            "token": form_token(self._secrets, one.post),
            "author": one.author,
            "email": one.email,
            "url": one.url,
            "comment": one.comment,
            "parent": str(parent or ""),
            "subject": "",
        }
        reader._client.environ_base["REMOTE_ADDR"] = one.ip
        return reader.posts("/-/comments", data=fields)


def _number(receipt: str) -> int:
    """The comment that a receipt is for."""
    return int(receipt.rpartition("/")[2].partition(".")[0])


def _said(status: int, page: str, entry: Entry | None) -> Said:
    if status == 303:
        if entry is None:
            return Said("repeat")
        words = {"approved": "published", "pending": "held", "spam": "suspected"}
        rules = tuple(reason.rule for reason in entry.reasons)
        return Said(words[entry.status], rules)
    known = {403: "closed", 404: "unknown", 413: "too long", 429: "too many"}
    return Said(known.get(status) or _problem(page))


def _problem(page: str) -> str:
    for words, verdict in (
        ("Please give a name; it", "missing"),
        ("Please give an e-mail address", "missing"),
        ("This is not an e-mail", "malformed"),
        ("no longer there", "parent"),
        ("Please write something", "empty"),
        ("at most 100 characters", "too long"),
    ):
        if words in page:
            return verdict
    return re.sub(r"\s+", " ", page)[:200]


# Why we say something else than WordPress: each is explained in docs/moderation.md.


@dataclass(frozen=True, slots=True)
class Difference:
    """A submission of which two things are said; `before` are those that came before it."""

    sent: Sent
    theirs: str
    ours: Said
    before: Sequence[Sent]

    @property
    def said(self) -> set[str]:
        """Both verdicts."""
        return {self.theirs, self.ours.verdict}

    @property
    def is_stricter(self) -> bool:
        """Whether we hold what they publish, or suspect what they publish or hold."""
        order = ("published", "held", "suspected")
        return self.said <= set(order) and order.index(self.theirs) < order.index(self.ours.verdict)

    @property
    def is_repeated(self) -> bool:
        """Whether the same text came before, to the same post."""
        return any(
            (one.post, one.comment) == (self.sent.post, self.sent.comment) for one in self.before
        )


Cause = Callable[[Difference], bool]
_REFUSED = {"missing", "malformed", "empty", "too long", "parent", "unknown"}
_LOOKALIKE = re.compile(r"geopolitics|10\.0\.0\.11|casinos|spills|ca<b>")
CAUSES: Mapping[str, Cause] = {
    "refused otherwise": lambda it: it.said <= _REFUSED,
    "trust": lambda it: it.theirs == "published" and it.is_stricter and "newcomer" in it.ours.rules,
    "flood": lambda it: it.theirs == "too many" and it.sent.after < _FLOOD_SECONDS,
    "repeat": lambda it: "repeat" in it.said and it.is_repeated,
    "parent": lambda it: it.ours.verdict == "parent" and it.sent.parent is not None,
    "length": lambda it: (
        "too long" in it.said and max(map(len, (it.sent.author, it.sent.comment))) > 100
    ),
    "address": lambda it: it.ours.verdict == "malformed" and it.sent.email in _ODD,
    "words": lambda it: (
        it.theirs in ("held", "suspected")
        and not {"words", "disallowed"} & set(it.ours.rules)
        and _LOOKALIKE.search(it.sent.comment) is not None
    ),
    "accents": lambda it: (
        it.is_stricter and "words" in it.ours.rules and "lan, vraiment" in it.sent.comment
    ),
    "suspicion": lambda it: (
        it.is_stricter and bool({"bare", "markup", "links"} & set(it.ours.rules))
    ),
}
# Of two comments with less between them WordPress refuses the second, if they are somebody's.
_FLOOD_SECONDS = 15


def cause(it: Difference) -> str:
    """Why the two differ: a name in `CAUSES`, or what nobody has explained."""
    for name, applies in CAUSES.items():
        if applies(it):
            return name
    return f"unexplained: {it.theirs} there, {it.ours} here, for {it.sent!r:.300}"


def divergences(
    blog: BlogFolder, asked: Sequence[Mapping[str, Any]], theirs: Sequence[Sequence[str]]
) -> Iterator[tuple[str, str]]:
    """Each difference, by scenario, with its cause."""
    door = Ours(blog)
    for scenario, words in zip(asked, theirs, strict=True):
        sent = [read(one) for one in scenario["submissions"]]
        answers = door.answers(scenario["name"], sent)
        for number, (word, ours) in enumerate(zip(words, answers, strict=True)):
            if word != ours.verdict:
                it = Difference(sent[number], word, ours, sent[:number])
                yield scenario["name"], cause(it)


def read(value: Mapping[str, Any]) -> Sent:
    """A submission as it was written down."""
    return Sent(**{**value, "approved_before": tuple(value["approved_before"])})


if __name__ == "__main__":
    recorded = cases(2011, 60)
    with running_wordpress():
        verdicts = ask_wordpress(recorded)
    lines = [
        json.dumps({"scenario": one["name"], "verdicts": words}, ensure_ascii=False)
        for one, words in zip(recorded, verdicts, strict=True)
    ]
    RECORD.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
