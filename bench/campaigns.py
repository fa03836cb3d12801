"""Comments made up by a seed: what honest readers write, and the campaigns that come between."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sample:
    """A comment with what it is: `kind` names the campaign, or where an honest one comes from."""

    kind: str
    is_spam: bool
    author: str
    text: str
    url: str = ""
    email: str = ""
    trap: str | None = ""


_NAMES = ("Ada", "Zoë", "Marc", "Léa", "Tom", "Inès", "Paul", "Nora", "Hugo", "Mia", "Karim", "Eva")
_PRAISE = (
    "This is a wonderful explanation of a topic that is often misunderstood",
    "I really enjoyed how clearly you laid out every step of the argument",
    "Your perspective gives readers a great deal to think about",
    "The depth of research behind this article is genuinely impressive",
    "It is refreshing to read something so balanced and well structured",
    "I have shared this with colleagues who will certainly appreciate it",
)
_PITCH = (
    "For anyone who wants to go further, our team has collected more guidance on {topic}",
    "We recently wrote about {topic} as well and reached similar conclusions",
    "People interested in {topic} may find our resources a helpful companion",
    "As someone who works with {topic} every day, I can only agree",
)
_TOPICS = ("home insurance", "crypto investing", "dental care", "essay writing", "garden furniture")
_GOODS = ("watches", "handbags", "slimming tea", "replica shoes", "blue pills", "casino bonuses")


def honest(random: random.Random) -> Sample:
    """What a reader may write: sentences in French or English out of the demo blog's own posts.

    One in eight gives a link, one in three a website.
    """
    author, number = random.choice(_NAMES), random.randrange(2, 400)
    text = " ".join(random.sample(_sentences(), random.randrange(1, 4)))
    if random.random() < 1 / 8:
        text += f" See https://example.org/{number} for the details."
    site = f"https://{author.lower()}{number}.example/" if random.random() < 1 / 3 else ""
    return Sample("honest", False, author, text, site)


@cache
def _sentences() -> list[str]:
    posts = sorted((Path(__file__).parent.parent / "content").glob("*.md"))
    lines = [line for post in posts for line in post.read_text("utf-8").split("\n\n")[1:]]
    plain = [" ".join(line.split()) for line in lines if line[:1].isalpha() and "](" not in line]
    return [one for line in plain for one in re.split(r"(?<=[.?!]) ", line) if 30 < len(one) < 300]


def flood(random: random.Random) -> Sample:
    """A program that knows many forms: markup of other systems, several links, no hidden field."""
    goods, host = random.choice(_GOODS), f"shop{random.randrange(40)}.example"
    text = (
        f"[url=https://{host}/]{goods}[/url] <a href='https://{host}/'>{goods}</a> https://{host}/"
    )
    return Sample("flood", True, f"Buy{random.randrange(999)}", text, trap=None)


def spun(random: random.Random) -> Sample:
    """One text for all posts with words exchanged, as if it was written by hand."""
    text = (
        f"I found the best {random.choice(_GOODS)} at a small shop and the delivery took "
        f"{random.choice(('two', 'three', 'four'))} days, the price was very "
        "good and the seller answered all of my questions at once"
    )
    return Sample(
        "spun", True, random.choice(_NAMES), text, f"https://shop{random.randrange(40)}.example/"
    )


def fluent(random: random.Random) -> Sample:
    """Well written and about nothing, with a website for its only link: no two alike."""
    topic = random.choice(_TOPICS)
    sentences = [*random.sample(_PRAISE, 2), random.choice(_PITCH).format(topic=topic)]
    site = f"https://{topic.replace(' ', '-')}{random.randrange(200)}.example/"
    return Sample("fluent", True, random.choice(_NAMES), ". ".join(sentences) + ".", site)


def linked(random: random.Random) -> Sample:
    """Two sentences and three links."""
    links = " ".join(f"https://seo{random.randrange(500)}.example/{n}" for n in range(3))
    text = f"{random.choice(_PRAISE)}. Learn more about {random.choice(_TOPICS)}: {links}"
    return Sample("linked", True, random.choice(_NAMES), text)


def generated(seed: int, count: int) -> list[Sample]:
    """`count` comments in the order of their arrival, six of ten honest, campaigns mixed in."""
    source = random.Random(seed)
    makers = (flood, spun, fluent, linked)
    return [
        honest(source) if source.random() < 0.6 else source.choice(makers)(source)
        for _ in range(count)
    ]


def labelled(files: Sequence[Path]) -> list[Sample]:
    """Comments with their labels in the form of the YouTube Spam Collection, oldest first."""
    return [sample for _, sample in sorted(_rows(files), key=lambda row: row[0])]


def _rows(files: Sequence[Path]) -> Iterator[tuple[str, Sample]]:
    for file in files:
        with file.open(encoding="utf-8-sig", newline="") as text:
            for row in csv.DictReader(text):
                if row["CONTENT"].strip() and row["DATE"]:
                    is_spam = row["CLASS"] == "1"
                    kind = "YouTube, spam" if is_spam else "YouTube, honest"
                    yield row["DATE"], Sample(kind, is_spam, row["AUTHOR"] or "?", row["CONTENT"])
