"""What `permalien serve --watch` adds to every page: it reloads by itself, and says what is wrong.

None of it is in a file: a page gets it when it is asked for, and only from a preview.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from ..domain.errors import NotPublished
from ..domain.networks import is_loopback
from ..processes import Ended, last_end
from .service import service

_HERE = Path(__file__).parent
_ADDRESS = "/-/watch"
_EMPTY = "<!doctype html><html lang=en><head><title>Preview</title></head><body>{}</body></html>"
_SAID = "<p>The preview is being built for the first time.</p>"


def install(app: Flask) -> None:
    """Make `app` a preview, for browsers on this machine."""
    app.add_url_rule(_ADDRESS, view_func=state)
    app.add_url_rule(f"{_ADDRESS}.js", view_func=script)
    app.add_url_rule(f"{_ADDRESS}.css", view_func=style)
    app.before_request(_begin)
    app.register_error_handler(NotPublished, _not_built)
    app.after_request(_add)


def state() -> ResponseReturnValue:
    """GET /-/watch: a word that is another one after each build that changed something."""
    return jsonify(version=_ended().version)


def script() -> ResponseReturnValue:
    """GET /-/watch.js: asks for that word every second."""
    return Response((_HERE / "watch.js").read_bytes(), mimetype="text/javascript")


def style() -> ResponseReturnValue:
    """GET /-/watch.css: how the mistakes look."""
    return Response((_HERE / "watch.css").read_bytes(), mimetype="text/css")


def _begin() -> None:
    """Answer this machine alone, and remember which build comes before the page that is read."""
    g.ended = last_end(service().data / "preview")
    # A stranger's name that leads here would let the stranger's pages read what is not public.
    if not is_loopback(urlsplit(f"//{request.host}").hostname or ""):
        abort(403)


def _ended() -> Ended:
    ended: Ended = g.ended
    return ended


def _not_built(_: NotPublished) -> Response:
    """Before the first build, and as long as none succeeds."""
    return make_response(_EMPTY.format("" if _ended().problems else _SAID), 503)


def _add(response: Response) -> Response:
    """Add the script and the mistakes to a page; what is sent by a form is not sent again."""
    is_page = response.mimetype == "text/html" and response.status_code not in (206, 304)
    if not is_page or request.method != "GET" or request.path.startswith(_ADDRESS):
        return response
    response.direct_passthrough = False
    response.set_data(_with_additions(response.get_data(as_text=True)))
    for name in ("ETag", "Last-Modified", "Accept-Ranges"):
        response.headers.pop(name, None)
    response.headers["Cache-Control"] = "no-store"
    return response


def _with_additions(page: str) -> str:
    root = escape(request.script_root)
    head = f'<link rel="stylesheet" href="{root}{_ADDRESS}.css">\n'
    foot = (
        f'<script src="{root}{_ADDRESS}.js" data-address="{root}{_ADDRESS}" '
        f'data-version="{escape(_ended().version)}"></script>\n'
    )
    before, head_end, rest = page.partition("</head>")
    start, body, content = rest.partition("<body>")
    inner, foot_start, end = content.rpartition("</body>")
    return "".join((before, head, head_end, start, body, _told(), inner, foot, foot_start, end))


def _told() -> str:
    """The mistakes of the last build, each with its place."""
    problems = "".join(f"<li>{escape(problem)}</li>" for problem in _ended().problems)
    if not problems:
        return ""
    return (
        '\n<div class="permalien-problems" role="alert"><p>The last change could not be built. '
        f"Below is what was there before.</p><ul>{problems}</ul></div>"
    )
