"""What the worker and the press do, again and again, until they are told to stop."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event

from ..deeds.notify import tell_author
from ..deeds.publish import publish_if_dirty
from ..deeds.refresh import mark_due
from ..deeds.weigh import learn, weigh
from ..domain.errors import BuildFailed, NotPublished, PermalienError, Unavailable
from ..processes import Build, hold, say
from ..store import Job, Store
from .picturing import Portraitist
from .publishing import account
from .purging import Purger
from .verifying import Verifiers
from .workplace import Workplace, now


def _arrived(job: Job, store: Store) -> None:
    """What came is weighed first: what turns out to be spam is not worth a word."""
    weigh(job, store, now())
    tell_author(job, store, say)


DEEDS: dict[str, Callable[[Job, Store], object]] = {"notify": _arrived, "learn": learn}
"""What is done for each kind of job."""

_WORKER_PAUSE = 0.5
_PRESS_PAUSE = 0.2
_LONGEST_PAUSE = 10.0
_LONGEST_PAUSE_OF_SLOW_BUILDS = 60.0
_LEASE = timedelta(seconds=20)


def run_worker(here: Workplace, stopping: Event) -> None:
    """Do the jobs that are due, verify pings, and mark the pages whose instant has come."""
    with here.store() as store:
        verifiers, purger = Verifiers(here, store), Purger(here, store)
        portraitist = Portraitist(here, store)
        while not stopping.wait(_WORKER_PAUSE):
            try:
                do_jobs(store, stopping)
                # A preview looks at the clock by itself, and publishes no ping.
                if not here.settings.preview:
                    mark_due_pages(here, store)
                    purger.looks(stopping)
                    portraitist.looks(stopping)
                    verifiers.begin_what_is_due()
            except (NotPublished, Unavailable) as trouble:
                say(f"worker: {trouble}")
                stopping.wait(5)
        verifiers.end()
        portraitist.end()


def do_jobs(store: Store, stopping: Event) -> None:
    """Do every job that is due. One that fails is tried again later, by whoever comes first."""
    me = f"worker {os.getpid()}"
    while not stopping.is_set() and (job := store.take(now(), lease=_LEASE, by=me)) is not None:
        try:
            DEEDS[job.kind](job, store)
        except PermalienError as trouble:
            store.failed(job, str(trouble), now())
        else:
            store.done(job)


def mark_due_pages(here: Workplace, store: Store) -> None:
    """Mark the pages that time alone has changed."""
    for post in mark_due(here.blog(), store, now()):
        say(f"{post} has reached its instant: its page is made anew")


def run_press(here: Workplace, stopping: Event) -> None:
    """Publish whenever a page is marked; while that fails, say why and try ever more patiently."""
    with hold(here.settings.data, "press", stopping), here.store() as store:
        pause, said = _PRESS_PAUSE, ""
        while not stopping.wait(_PRESS_PAUSE):
            began = time.time()
            try:
                built = _publish_in_turn(here, store, stopping)
            except (BuildFailed, Unavailable) as failure:
                if str(failure) != said and not stopping.is_set():
                    said = str(failure)
                    say(f"press: the pages stay as they were: {said}")
                # A build that takes long is not repeated as often as one that fails at once.
                took = min(2 * (time.time() - began), _LONGEST_PAUSE_OF_SLOW_BUILDS)
                pause = max(min(pause * 2, _LONGEST_PAUSE), took)
                _wait_for_repair(_file_at_fault(here, failure), began, pause, stopping)
                continue
            if built is not None:
                for line in account(built):
                    say(f"press: {line}")
            pause, said = _PRESS_PAUSE, ""


def _publish_in_turn(here: Workplace, store: Store, stopping: Event) -> Build | None:
    if store.dirty() is None:
        return None
    with here.turn(stopping):
        return publish_if_dirty(store, lambda: here.build(stopping))


def _file_at_fault(here: Workplace, failure: PermalienError) -> Path | None:
    """The file that a failed build names: its author will mend it."""
    named = failure.file if isinstance(failure, BuildFailed) else None
    return here.settings.blog / named if named else None


def _wait_for_repair(file: Path | None, began: float, pause: float, stopping: Event) -> None:
    """Wait `pause` seconds, or until `file` is another than when the build began (Unix time)."""
    seen = _changed_at(file)
    until = time.monotonic() + pause
    while time.monotonic() < until and not stopping.wait(_PRESS_PAUSE):
        changed = _changed_at(file)
        if changed != seen or (changed is not None and changed > began):
            return


def _changed_at(file: Path | None) -> float | None:
    """When the file last changed in any way, its name included; None if there is none."""
    try:
        return os.stat(file).st_ctime if file is not None else None
    except OSError:
        return None
