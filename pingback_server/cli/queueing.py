"""The moderation queue at the terminal: what waits, what was decided, whatever words find."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import click

from ..domain.discussion import Entry, Kind, Status
from ..domain.errors import NotPublished
from ..domain.filters import Tab
from ..domain.posts import Post
from .publishing import there
from .selecting import wanted
from .workplace import Workplace, workplace, zone_of


@click.command()
@click.argument("words", nargs=-1)
@click.option(
    "--status",
    type=click.Choice([tab.value for tab in Tab]),
    default=Tab.PENDING.value,
    show_default=True,
    help="Which to show; a suspect is spam by a rule's word alone.",
)
@click.option("--json", "as_json", is_flag=True, help="A list of objects, for programs.")
def queue(words: Sequence[str], status: str, as_json: bool) -> None:
    """Show what waits for a decision, oldest first. WORDS narrow it down: `from:ada`, `email:`,
    `site:`, `net:`, `post:`, `kind:ping`, `rule:`, `like:12`, `since:2026-11-01`, `until:`, `is:`;
    any other word stands in the text, the name or the title."""
    here = workplace()
    chosen = wanted(here, words, Tab(status))
    with here.store() as store:
        entries = store.search.entries(chosen)
        counts = store.search.counts(wanted(here, ()))
    posts = posts_of(here)
    if as_json:
        objects = [_object(entry, posts) for entry in entries]
        click.echo(json.dumps(objects, ensure_ascii=False, indent=1))
        return
    zone = zone_of(here).key
    for entry in entries:
        click.echo(_paragraph(entry, posts, zone))
    others = ", ".join(f"{counts[tab]} {tab.value}" for tab in Tab if tab is not Tab.ALL)
    click.echo(others if entries else f"Nothing here. {others}.")


def posts_of(here: Workplace) -> Mapping[str, Post]:
    """The published posts; none before the first build."""
    try:
        return here.blog().posts
    except NotPublished:
        return {}


def _object(entry: Entry, posts: Mapping[str, Post]) -> dict[str, object]:
    post = posts.get(entry.post)
    return {
        "id": entry.id,
        "kind": entry.kind,
        "status": entry.status,
        "suspect": is_suspect(entry),
        "post": entry.post,
        "path": post.path if post else None,
        "author": entry.author,
        "email": entry.email,
        "url": entry.url,
        "title": entry.title,
        "text": entry.text,
        "at": entry.at.isoformat(),
        "parent": entry.parent,
        "cluster": entry.cluster,
        "score": entry.score,
        "reasons": [
            {"rule": reason.rule, "words": reason.words, "score": reason.score}
            for reason in entry.reasons
        ],
    }


def is_suspect(entry: Entry) -> bool:
    """Whether a rule alone calls it spam."""
    return entry.status is Status.SPAM and entry.decided_at is None


def _paragraph(entry: Entry, posts: Mapping[str, Post], zone: str) -> str:
    post = posts.get(entry.post)
    who = " ".join(
        part for part in (entry.author, f"<{entry.email}>" * bool(entry.email), entry.url) if part
    )
    where = f"«{post.title}» {post.path}" if post else f"{entry.post} (not published)"
    answers = f", answering {entry.parent}" if entry.parent else ""
    status = Tab.SUSPECT.value if is_suspect(entry) else entry.status
    what = status if entry.kind is Kind.COMMENT else f"{status} {entry.kind}"
    lines = [
        click.style(f"#{entry.id} {what} {there(entry.at, zone)}  {who}", bold=True),
        f"    on {where}{answers}",
        *([f"    «{entry.title}»"] if entry.title else []),
        *(f"    | {line}" for line in entry.text.splitlines()),
        *(f"    {reason.rule}: {reason.words}" for reason in entry.reasons),
    ]
    return "\n".join(lines) + "\n"
