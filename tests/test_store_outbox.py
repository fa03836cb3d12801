"""Work that is asked for is done: by one at a time, again after a failure, and not for ever."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from store_actors import NOON, a_store, address, ended, go, said, start

from pingback_server.store import Job, Store

MINUTE = timedelta(minutes=1)


def take(store: Store, now: datetime = NOON, by: str = "worker") -> Job | None:
    return store.take(now, lease=MINUTE, by=by)


def taken(store: Store, now: datetime = NOON, by: str = "worker") -> Job:
    job = take(store, now, by)
    assert job is not None
    return job


def test_nothing_to_do_is_none(store: Store) -> None:
    assert take(store) is None


def test_a_job_is_one_workers_while_the_lease_runs(store: Store) -> None:
    said(store, "one")

    job = taken(store)

    assert (job.kind, job.subject, job.attempts) == ("notify", 1, 1)
    assert take(store, NOON + MINUTE - timedelta(microseconds=1), "another") is None


def test_jobs_come_in_the_order_in_which_they_were_asked_for(store: Store) -> None:
    for text in ("one", "two", "three"):
        said(store, text)

    assert [taken(store).subject for _ in range(3)] == [1, 2, 3]


def test_what_is_done_is_gone(store: Store) -> None:
    said(store, "one")

    assert store.done(taken(store))

    assert store.waiting().jobs == 0
    assert take(store, NOON + timedelta(days=1)) is None


def test_a_lease_that_ran_out_is_taken_again(store: Store) -> None:
    said(store, "one")
    first = taken(store)

    second = taken(store, NOON + MINUTE, "another")

    assert (second.id, second.attempts) == (first.id, 2)


def test_who_is_late_can_no_longer_finish_a_job(store: Store) -> None:
    said(store, "one")
    late = taken(store)
    holder = taken(store, NOON + MINUTE, "another")

    assert not store.done(late)
    assert not store.failed(late, "too late", NOON + MINUTE)

    assert store.waiting().jobs == 1
    assert store.done(holder)
    assert store.waiting().jobs == 0


def test_who_is_late_may_finish_what_nobody_else_has_taken(store: Store) -> None:
    said(store, "one")

    assert store.done(taken(store))


def test_a_job_is_finished_once(store: Store) -> None:
    said(store, "one")
    job = taken(store)

    assert [store.done(job), store.done(job), store.failed(job, "no", NOON)] == [True, False, False]


def test_who_has_given_a_job_back_no_longer_holds_it(store: Store) -> None:
    said(store, "one")
    job = taken(store)
    store.failed(job, "no", NOON)

    assert not store.done(job)
    assert store.waiting().jobs == 1


def test_pauses_double_from_ten_seconds_and_the_eighth_failure_is_the_last(store: Store) -> None:
    said(store, "one")
    now = NOON

    for pause in (10, 20, 40, 80, 160, 320, 640):
        store.failed(taken(store, now), "no route to host", now)
        now += timedelta(seconds=pause)
        assert take(store, now - timedelta(microseconds=1)) is None
    store.failed(taken(store, now), "no route to host", now)

    assert take(store, now + timedelta(days=365)) is None
    assert store.waiting().jobs == 0


def test_a_job_that_kills_who_takes_it_is_given_up(store: Store) -> None:
    said(store, "deadly")
    said(store, "harmless")
    now = NOON

    taken_subjects = []
    for _ in range(20):
        job = take(store, now)
        if job is not None:
            taken_subjects.append(job.subject)
        now += MINUTE

    assert taken_subjects.count(1) == 8
    assert taken_subjects.count(2) == 8
    assert store.waiting().jobs == 0


def test_a_job_whose_worker_was_killed_goes_on(store: Store, tmp_path: Path) -> None:
    said(store, "one")
    worker = start("take-and-die", address(tmp_path))
    go(worker)
    assert ended(worker) == ["Job(id=1, kind='notify', subject=1, attempts=1)"]

    assert take(store, NOON + MINUTE / 2) is None
    assert taken(store, NOON + MINUTE).attempts == 2


def test_two_workers_do_not_get_the_same_job(store: Store, tmp_path: Path) -> None:
    other = a_store(tmp_path)
    for number in range(6):
        said(store, str(number))

    subjects = [taken(worker).subject for _ in range(3) for worker in (store, other)]

    assert sorted(subjects) == [1, 2, 3, 4, 5, 6]
    other.close()
