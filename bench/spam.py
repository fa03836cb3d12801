"""`python -m bench.spam [FILE.csv …]`: what the rules make of spam and of honest comments.

The first half (by time) is decided by an author who is never wrong and teaches the rules; the
second half is measured, while that author goes on deciding after every fifty comments. FILES are
labelled comments in the form of the YouTube Spam Collection (UCI, CC BY 4.0); without them only
what `campaigns` makes up is measured. Of very long files every second, third … comment is taken,
and what takes too long ends with what was found until then, and says so.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import click

from pingback_server.deeds.weigh import learn, weigh
from pingback_server.domain.discussion import Status, Submission
from pingback_server.domain.form import CommentForm, check_form
from pingback_server.domain.markup import safe_html
from pingback_server.domain.policy import judge
from pingback_server.domain.rules.case import Case
from pingback_server.domain.settings import DiscussionSettings
from pingback_server.store import Job, Store, sqlite_url

from .campaigns import Sample, generated, labelled

# Nobody waits for being new here: what is published is what the rules let through.
SETTINGS = DiscussionSettings(moderation="suspects")
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_DECIDED_AFTER = 50
_GENERATED = 1200
_MOST_LABELLED = 2000
_LONGEST_SECONDS = 120.0


@dataclass(slots=True)
class Found:
    """What was made of one kind of comments, in numbers; scores for the order of the queue."""

    statuses: Counter[Status] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    scores: list[float] = field(default_factory=list)
    bayes: list[float] = field(default_factory=list)


def measure(samples: Sequence[Sample]) -> dict[str, Found]:
    """What is made of the second half of `samples`, by kind."""
    found: dict[str, Found] = {}
    with tempfile.TemporaryDirectory(prefix="permalien-spam-") as folder:
        store = Store.open(sqlite_url(Path(folder) / "spam.db"))
        store.migrate()
        truth: dict[int, bool] = {}
        end = time.monotonic() + _LONGEST_SECONDS
        for number, sample in enumerate(samples):
            if time.monotonic() > end:
                click.echo(f"after {_LONGEST_SECONDS:.0f} s: {number} of {len(samples)} measured")
                break
            now = _BEGIN + timedelta(minutes=11 * number)
            id = _arrives(sample, store, number, now)
            if number >= len(samples) // 2:
                _note(found.setdefault(sample.kind, Found()), id, store)
            truth[id] = sample.is_spam
            if len(truth) == _DECIDED_AFTER:
                _decide(truth, store, number - len(truth) + 2, now)
                truth = {}
        store.close()
    return found


def _arrives(sample: Sample, store: Store, number: int, now: datetime) -> int:
    form = CommentForm(author=sample.author[:100], url=sample.url, comment=sample.text)
    fields = check_form(form, SETTINGS.comment_length)
    case = Case(fields, safe_html(fields.comment), trap=sample.trap, settings=SETTINGS)
    submission = Submission(
        post=f"post-{number % 40}",
        parent=None,
        author=fields.author,
        email=sample.email,
        url=fields.url,
        text=fields.comment,
        html=case.html,
    )
    added = store.add(submission, judge(case), now)
    weigh(Job(0, "notify", added.id, 1), store, now)
    return added.id


def _note(found: Found, id: int, store: Store) -> None:
    entry = store.entry(id)
    found.statuses[entry.status] += 1
    found.rules.update({reason.rule for reason in entry.reasons if reason.score > 0})
    found.scores.append(entry.score)
    found.bayes += [reason.score for reason in entry.reasons if reason.rule == "bayes"]


def _decide(truth: dict[int, bool], store: Store, since: int, now: datetime) -> None:
    """The author goes through what came, and the rules learn; `since` is the first decision."""
    for is_spam, status in ((True, Status.SPAM), (False, Status.APPROVED)):
        store.decide([id for id in truth if truth[id] is is_spam], status, now=now, by="author")
    learn(Job(0, "learn", since, 1), store)


def microseconds(listed: int, rounds: int = 2000) -> float:
    """The processor time of all checks of a comment of 300 characters, median of ten runs.

    `listed` is how many words the author's lists have. No two texts are the same.
    """
    words = tuple(f"word{number}" for number in range(listed))
    settings = DiscussionSettings(moderation_words=words, disallowed_words=words[:1])
    cases = []
    for number in range(rounds):
        text = f"{number} We moved our blog twice and kept the addresses. " * 8
        fields = check_form(CommentForm(author="Ada", comment=text[:300]), 10_000)
        cases.append(Case(fields, safe_html(text[:300]), settings=settings))
    runs = []
    for start in range(0, rounds, rounds // 10):
        begin = time.process_time()
        for case in cases[start : start + rounds // 10]:
            judge(case)
        runs.append((time.process_time() - begin) / (rounds // 10) * 1e6)
    return median(runs)


def _thinned(samples: Sequence[Sample]) -> Sequence[Sample]:
    """At most `_MOST_LABELLED` of them, evenly spread over their time."""
    return samples[:: max(1, math.ceil(len(samples) / _MOST_LABELLED))]


def _row(kind: str, found: Found) -> str:
    total = sum(found.statuses.values())
    shares = [found.statuses[one] / total for one in (Status.SPAM, Status.PENDING, Status.APPROVED)]
    told = " ".join(f"{share:>9.1%} |" for share in shares)
    return f"| {kind:<18} | {total:>6} | {told} {median(found.scores):>6.2f} |"


def main() -> None:
    """Print a table for the labelled comments, if there are any, and one for the made up."""
    files = [Path(name) for name in sys.argv[1:]]
    begin = time.monotonic()
    for samples in filter(None, (_thinned(labelled(files)), generated(4, _GENERATED))):
        found = measure(samples)
        click.echo("| kind               | number | suspected |      held | published |  score |")
        click.echo("|---|---|---|---|---|---|")
        for kind in sorted(found):
            click.echo(_row(kind, found[kind]))
        click.echo("\n| rule | " + " | ".join(sorted(found)) + " |")
        click.echo("|---|" + "---|" * len(found))
        for rule in sorted({rule for one in found.values() for rule in one.rules}):
            numbers = " | ".join(str(found[kind].rules[rule]) for kind in sorted(found))
            click.echo(f"| {rule} | {numbers} |")
        click.echo("")
    for listed in (0, 200):
        click.echo(
            f"all checks, 300 characters, {listed} listed words: {microseconds(listed):.0f} µs CPU"
        )
    click.echo(f"{time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    main()
