"""The least that Flask can do with a comment: read the form, answer 303, keep nothing.

`python -m bench.bare PORT` serves it as `permalien serve` serves the blog: the same waitress with
the same settings.
"""

from __future__ import annotations

import sys
from pathlib import Path

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from pingback_server.server_settings import ServerSettings
from pingback_server.web import server

FIELDS = ("token", "author", "email", "url", "comment", "parent", "subject")

app = Flask(__name__, static_folder=None)


@app.post("/-/comments")
def receive() -> ResponseReturnValue:
    """What every comment form has to do, and no more."""
    values = [request.form.get(field, "") for field in FIELDS]
    return redirect(f"/-/receipts/{len(values)}", 303)


if __name__ == "__main__":
    server.serve(app, server.listen("127.0.0.1", int(sys.argv[1])), ServerSettings(Path()))
