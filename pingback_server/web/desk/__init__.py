"""The desk: where the author decides, in the browser. Every route of it stands here."""

from __future__ import annotations

from flask import Flask

from . import acting, correcting, queue, script

HOME = "/-/desk"


def register(app: Flask) -> None:
    """Give `app` the desk."""
    # The queue, and what is decided there
    app.add_url_rule(HOME, view_func=queue.queue)
    app.add_url_rule(f"{HOME}/decisions", view_func=acting.decide, methods=["POST"])
    app.add_url_rule(f"{HOME}/undo", view_func=acting.undo, methods=["POST"])
    app.add_url_rule(f"{HOME}/deletion", view_func=correcting.delete, methods=["POST"])
    # One entry
    app.add_url_rule(f"{HOME}/entries/<int:number>", view_func=correcting.entry)
    app.add_url_rule(f"{HOME}/entries/<int:number>", view_func=correcting.correct, methods=["POST"])
    # What makes it quick
    app.add_url_rule(f"{HOME}/desk.js", view_func=script.script)
