"""One page that says so by several protocols is one line, of the protocol that says most."""

from __future__ import annotations

from itertools import chain, repeat

import pytest
from ping_actors import HELLO, SOURCE, Stranger, Worker, a_page

from pingback_server.domain.discussion import Kind, Status
from pingback_server.domain.source_pages import SourcePage

SAID = SourcePage(True, SOURCE, "A title", "stranger.example", excerpt="These words.")


@pytest.fixture(params=[200, 304])
def answering(worker: Worker, request: pytest.FixtureRequest) -> Worker:
    """The worker; every source says the same each time, or that it has not changed."""
    statuses = chain([200], repeat(request.param))
    worker.get = lambda url, known, before_call: a_page(next(statuses))
    worker.read = lambda found, target, at: SAID
    return worker


def sends(stranger: Stranger, kind: Kind) -> None:
    """The same page says it, by that protocol."""
    if kind is Kind.TRACKBACK:
        assert stranger.trackbacks("/-/trackback/7") == "<error>0</error>"
    elif kind is Kind.PINGBACK:
        stranger.pingbacks(SOURCE, HELLO)
    else:
        assert stranger.mentions(SOURCE, HELLO).status_code in (200, 201)


@pytest.mark.parametrize("status", [Status.PENDING, Status.APPROVED])
@pytest.mark.parametrize(
    ("first", "then", "best"),
    [
        (Kind.TRACKBACK, Kind.WEBMENTION, Kind.WEBMENTION),
        (Kind.TRACKBACK, Kind.PINGBACK, Kind.PINGBACK),
        (Kind.PINGBACK, Kind.WEBMENTION, Kind.WEBMENTION),
        (Kind.WEBMENTION, Kind.TRACKBACK, Kind.WEBMENTION),
    ],
)
def test_the_item_is_of_the_best_protocol_once_its_page_was_read_again(
    stranger: Stranger, answering: Worker, first: Kind, then: Kind, best: Kind, status: Status
) -> None:
    sends(stranger, first)
    answering.verifies()
    store = stranger.blog.store
    [entry] = store.entries()
    assert (entry.kind, entry.status) == (first, Status.PENDING)
    store.decide([entry.id], status, now=stranger.clock(), by="ada")

    stranger.clock.passes(minutes=1)
    sends(stranger, then)
    assert answering.looks_again(seconds=10) is not None

    [item] = store.entries()
    assert (item.id, item.kind, item.status) == (entry.id, best, status)
    assert item.text == "These words."


def test_what_comes_by_a_better_one_before_it_was_read_is_one_item(
    stranger: Stranger, answering: Worker
) -> None:
    sends(stranger, Kind.TRACKBACK)
    sends(stranger, Kind.WEBMENTION)

    answering.verifies()

    [entry] = stranger.blog.store.entries()
    assert entry.kind is Kind.WEBMENTION
    assert answering.looks_again(minutes=2) is None
