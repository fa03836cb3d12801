"""What the worst comments cost: 10 kB of each shape known to choke a parser, a rule or a score."""

from __future__ import annotations

import time
from collections.abc import Callable

import click

from pingback_server.domain import bayes
from pingback_server.domain.form import CommentForm, check_form
from pingback_server.domain.likeness import features, likeness, shingles
from pingback_server.domain.markup import safe_html, words_of
from pingback_server.domain.policy import judge
from pingback_server.domain.rules.case import Case
from pingback_server.domain.rulings import About, RulingKind, Rulings
from pingback_server.domain.settings import DiscussionSettings

LENGTH = 10_000
SHAPES = {
    "*": "*",
    "_": "_",
    "*a": "*a ",
    "**a _b": "**a _b ",
    "[": "[",
    "[ in lines": "[\n",
    "[ now and then": "[" + "a\n" * 24 + "b",
    "[a](": "[a](",
    "[a](<b": "[a](<b",
    "![[]()": "![[]()",
    "]": "]",
    "`": "` `` ``` ",
    "\\": "\\",
    "<": "<",
    "<!--": "<!--",
    "<a": "<a href='",
    "&": "&",
    "&#x": "&#x1F600;",
    "> nested": "> ",
    ">": ">",
    "- nested": "- ",
    "1. nested": "1. ",
    "lines": "a\n",
    "[a]: b": "[a]: b\n",
    "<http:": "<http://a.b>",
    "plain": "word ",
}


# What the rules look for: links, words, marks, addresses, repetition.
FOR_THE_RULES = {
    "links": "https://a.example/b ",
    "[a](https:": "[a](https://b.example) ",
    "[url=": "[url=https://c.example]x[/url] ",
    "bare hosts": "www.d.example ",
    "a@b": "a@b.example ",
    "href=": "&lt;a href=https://e.example&gt; ",
    "letters": "a b c d ",
    "listed words": "phrase number 7 of many ",
    "one word": "x",
    "marks": "e\u0301\u0323\u0301",
    "joined": "a\u200d",
    "ideograms": "\u6f22\u5b57",
    "wide letters": "\uff21\uff22\u3000",
    "sharp s": "\u00df\u0130\ufb03 ",
    "dots": "a.",
    "//": "http://",
    "//[": "https://[",
    "stars": "a*",
}
LISTED = tuple(f"phrase number {n} of many" for n in range(100)) + tuple(
    f"word{n}" for n in range(100)
)
SETTINGS = DiscussionSettings(moderation_words=LISTED, disallowed_words=LISTED)
RULINGS = Rulings(
    [
        *(About(RulingKind.DOMAIN, f"blocked{n}.example") for n in range(200)),
        *(About(RulingKind.PATTERN, f"a*b{n}*c*d") for n in range(50)),
    ]
)


def measure() -> dict[str, float]:
    """Milliseconds of processor time to make each shape safe, the best of three."""
    return {name: min(_cost(shape, safe_html) for _ in range(3)) for name, shape in SHAPES.items()}


def measure_all() -> dict[str, float]:
    """The same for all that is ever done to a comment: tidied, made safe, judged, weighed."""
    shapes = {**SHAPES, **FOR_THE_RULES}
    return {name: min(_cost(shape, _received) for _ in range(3)) for name, shape in shapes.items()}


def _cost(shape: str, deed: Callable[[str], object]) -> float:
    text = (shape * (LENGTH // len(shape) + 1))[:LENGTH]
    begin = time.process_time()
    deed(text)
    return (time.process_time() - begin) * 1000


def _received(text: str) -> None:
    """What the door and then the worker do, without the store."""
    fields = check_form(CommentForm(author="Ada", email="a@b.example", comment=text), LENGTH)
    html = safe_html(fields.comment)
    words_of(html)
    judge(Case(fields=fields, html=html, settings=SETTINGS, rulings=RULINGS))
    features(fields.comment, "https://a.example/b")
    likeness(shingles(fields.comment), shingles(fields.comment[1:]))
    words = bayes.words_of("Ada", "a@b.example", (fields.comment,))
    bayes.weigh(words, bayes.Learnt(100, 100, dict.fromkeys(words, (3, 1))))


if __name__ == "__main__":
    for shape, milliseconds in sorted(measure_all().items(), key=lambda pair: -pair[1]):
        click.echo(f"{milliseconds:8.1f} ms  {shape}")
