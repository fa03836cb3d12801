"""For the operator's monitoring: is the process up, and can it do its work?"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue

from ..domain.errors import NotPublished, PermalienError, Unavailable
from .service import Service, service

# Pages have to be right within a minute (design: invariant 2).
_LATE = timedelta(seconds=60)
# Somebody who asks without a pause shall not keep the disk busy.
_REMEMBERED = timedelta(seconds=1)
_PROBE = "permalien.probe"


def healthz() -> ResponseReturnValue:
    """The process is up."""
    return jsonify(status="ok")


def readyz() -> ResponseReturnValue:
    """200 if comments can be stored and pages follow, else 503; with the depth of each queue.

    Strangers may ask as well: what names the machine's files is told to the log alone.
    """
    here = service()
    problems = []
    queues: dict[str, int] = {}
    try:
        _check_writable(here)
        waiting = here.store.waiting()
        queues = {"pending": waiting.pending, "jobs": waiting.jobs, "pages": waiting.dirty}
        if waiting.oldest_dirty is not None and here.now() - waiting.oldest_dirty > _LATE:
            problems.append("pages have been waiting to be published for over a minute")
    except Unavailable as error:
        _log(error)
        problems.append("the store takes nothing now")
    try:
        here.blog()
    except NotPublished as error:
        _log(error)
        problems.append("there is no list of posts that can be used: run `permalien build`")
    if not here.press_is_alive():
        problems.append("the press is not running")
    return jsonify(ready=not problems, problems=problems, queues=queues), 503 if problems else 200


def _check_writable(here: Service) -> None:
    """Try the store, or take the answer of a second ago; Unavailable says why it takes nothing."""
    remembered: tuple[datetime, str] | None = current_app.extensions.get(_PROBE)
    if remembered is None or abs(here.now() - remembered[0]) >= _REMEMBERED:
        try:
            here.store.check_writable()
            remembered = here.now(), ""
        except Unavailable as error:
            remembered = here.now(), str(error)
        current_app.extensions[_PROBE] = remembered
    if remembered[1]:
        raise Unavailable(remembered[1])


def _log(error: PermalienError) -> None:
    current_app.logger.error("readyz: %s", error)
