"""The desk: where the author decides, in the browser. Every route of it stands here."""

from __future__ import annotations

from flask import Flask

from . import account, acting, correcting, lists, log, people, posts, queue, script, signing_in

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
    # One step away from it
    app.add_url_rule(f"{HOME}/log", view_func=log.log)
    app.add_url_rule(f"{HOME}/lists", view_func=lists.lists)
    app.add_url_rule(f"{HOME}/lists", view_func=lists.rule, methods=["POST"])
    # What is written there
    app.add_url_rule(f"{HOME}/posts", view_func=posts.posts)
    app.add_url_rule(f"{HOME}/posts/new", view_func=posts.new_post_page)
    app.add_url_rule(f"{HOME}/posts/new", view_func=posts.new_post, methods=["POST"])
    app.add_url_rule(f"{HOME}/posts/<path:file>", view_func=posts.post)
    app.add_url_rule(f"{HOME}/posts/<path:file>", view_func=posts.save, methods=["POST"])
    # Who sits there
    for rule, page, deed in (
        ("sign-in", signing_in.sign_in_page, signing_in.sign_in),
        ("welcome/<token>", signing_in.welcome_page, signing_in.welcome),
        ("people", people.people, people.invite),
    ):
        app.add_url_rule(f"{HOME}/{rule}", view_func=page, endpoint=f"{rule} page")
        app.add_url_rule(f"{HOME}/{rule}", view_func=deed, endpoint=rule, methods=["POST"])
    app.add_url_rule(f"{HOME}/sign-out", view_func=signing_in.sign_out, methods=["POST"])
    app.add_url_rule(f"{HOME}/account", view_func=account.account)
    app.add_url_rule(f"{HOME}/sessions", view_func=account.end_sessions, methods=["POST"])
    app.add_url_rule(f"{HOME}/password", view_func=account.change_password, methods=["POST"])
    app.add_url_rule(f"{HOME}/people/<name>", view_func=people.change_person, methods=["POST"])
    # What makes it quick
    app.add_url_rule(f"{HOME}/desk.js", view_func=script.script)
