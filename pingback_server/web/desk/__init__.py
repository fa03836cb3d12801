"""The desk: where the author decides, in the browser. Every route of it stands here."""

from __future__ import annotations

from flask import Flask

from . import (
    account,
    acting,
    correcting,
    failed_pings,
    lists,
    log,
    numbers,
    people,
    posts,
    queue,
    script,
    signing_in,
)

HOME = "/-/desk"
ROUTES = (
    # The queue, and what is decided there
    ("GET", "", queue.queue),
    ("POST", "/decisions", acting.decide),
    ("POST", "/undo", acting.undo),
    ("POST", "/deletion", correcting.delete),
    # One entry
    ("GET", "/entries/<int:number>", correcting.entry),
    ("POST", "/entries/<int:number>", correcting.correct),
    # One step away from it
    ("GET", "/log", log.log),
    ("GET", "/numbers", numbers.numbers),
    ("GET", "/lists", lists.lists),
    ("POST", "/lists", lists.rule),
    ("GET", "/pings", failed_pings.pings),
    ("POST", "/pings", failed_pings.about_ping),
    # What is written there
    ("GET", "/posts", posts.posts),
    ("GET", "/posts/new", posts.new_post_page),
    ("POST", "/posts/new", posts.new_post),
    ("GET", "/posts/<path:file>", posts.post),
    ("POST", "/posts/<path:file>", posts.save),
    # Who sits there
    ("GET", "/sign-in", signing_in.sign_in_page),
    ("POST", "/sign-in", signing_in.sign_in),
    ("GET", "/welcome/<token>", signing_in.welcome_page),
    ("POST", "/welcome/<token>", signing_in.welcome),
    ("POST", "/sign-out", signing_in.sign_out),
    ("GET", "/account", account.account),
    ("POST", "/sessions", account.end_sessions),
    ("POST", "/password", account.change_password),
    ("GET", "/people", people.people),
    ("POST", "/people", people.invite),
    ("POST", "/people/<name>", people.change_person),
    # What makes it quick
    ("GET", "/desk.js", script.script),
)


def register(app: Flask) -> None:
    """Give `app` the desk."""
    for method, path, view in ROUTES:
        name = f"desk {method} {path}"
        app.add_url_rule(
            HOME + path,
            endpoint=name,
            view_func=view,
            methods=[method],
            strict_slashes=False,  # whoever types the address may end it either way
        )
