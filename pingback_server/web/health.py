"""For the operator's monitoring: is the process up, and can it do its work."""

from __future__ import annotations

from datetime import timedelta

from flask import jsonify
from flask.typing import ResponseReturnValue

from ..domain.errors import NotPublished, Unavailable
from .service import service

# Pages have to be right within a minute (design: invariant 2).
_LATE = timedelta(seconds=60)


def healthz() -> ResponseReturnValue:
    """The process is up."""
    return jsonify(status="ok")


def readyz() -> ResponseReturnValue:
    """200 if comments can be stored and pages follow, else 503; with the depth of each queue."""
    here = service()
    problems = []
    queues: dict[str, int] = {}
    try:
        here.store.check_writable()
        waiting = here.store.waiting()
        queues = {"pending": waiting.pending, "jobs": waiting.jobs, "pages": waiting.dirty}
        if waiting.oldest_dirty is not None and here.now() - waiting.oldest_dirty > _LATE:
            problems.append("pages have been waiting to be published for over a minute")
    except Unavailable as error:
        problems.append(f"the store takes nothing: {error}")
    try:
        here.blog()
    except NotPublished as error:
        problems.append(str(error))
    if not here.press_is_alive():
        problems.append("the press is not running")
    return jsonify(ready=not problems, problems=problems, queues=queues), 503 if problems else 200
