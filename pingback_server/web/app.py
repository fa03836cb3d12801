"""The Flask application: wiring, limits, and every route on one screen."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import PathConverter

from . import (
    comments,
    desk,
    drafts,
    health,
    messages,
    own,
    pingback,
    pings,
    preview,
    receipts,
    refusals,
    reports,
    site,
    trackback,
    webmention,
)
from .headers import add_headers
from .mount import UnderBlogPath
from .service import Service, install

# More than the longest comment there can be, in the longest of encodings (12 bytes a character):
# what is longer is not read at all.
LARGEST_BODY = 1024 * 1024


# What asks for anything else is told `Allow: POST`.
_PINGBACK: dict[str, Any] = {
    "view_func": pingback.receive_pingback,
    "methods": ["POST"],
    "provide_automatic_options": False,
}


# Who sends there follows no redirect, and forgets the slash now and then.
_BELOW_A_POST: dict[str, Any] = {
    "rule": "/<published:path>/trackback/",
    "strict_slashes": False,
}


class PublishedPath(PathConverter):
    """Any path but the service's own, which are never looked for among the pages."""

    regex = r"(?!-/|xmlrpc\.php$)" + PathConverter.regex


def create_app(service: Service) -> Flask:
    """The service of one blog as a WSGI application."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY, MAX_FORM_PARTS=50
    )
    install(app, service)

    app.url_map.converters["published"] = PublishedPath
    # `/-//x` is nothing: it would lead to whatever host the request says.
    app.url_map.merge_slashes = False
    # What readers send
    app.add_url_rule("/-/comments", view_func=comments.receive, methods=["POST"])
    app.add_url_rule("/-/comments/<int:number>/reply", view_func=comments.reply_form)
    app.add_url_rule("/-/comments/<int:number>/report", view_func=reports.report_form)
    app.add_url_rule("/-/comments/<int:number>/report", view_func=reports.report, methods=["POST"])
    app.add_url_rule("/-/forget", view_func=comments.forget, methods=["POST"])
    app.add_url_rule("/-/messages", view_func=messages.receive_message, methods=["POST"])
    app.add_url_rule("/-/receipts/<token>", view_func=receipts.receipt)
    app.add_url_rule("/-/receipts/<token>/edit", view_func=own.edit_form)
    app.add_url_rule("/-/receipts/<token>/edit", view_func=own.edit, methods=["POST"])
    app.add_url_rule("/-/receipts/<token>/withdraw", view_func=own.withdrawal_form)
    app.add_url_rule("/-/receipts/<token>/withdraw", view_func=own.take_back, methods=["POST"])
    # What other sites say
    app.add_url_rule("/-/webmention", view_func=webmention.receive_webmention, methods=["POST"])
    app.add_url_rule("/-/webmention", view_func=webmention.webmention_form)
    app.add_url_rule("/-/pingback", **_PINGBACK)
    app.add_url_rule("/-/trackback/<name>", view_func=trackback.receive_trackback, methods=["POST"])
    app.add_url_rule("/-/trackback/<name>", view_func=trackback.trackback_post)
    app.add_url_rule("/-/pings/<token>", view_func=pings.ping_status)
    # The same, at the addresses of WordPress
    app.add_url_rule("/xmlrpc.php", **_PINGBACK)
    app.add_url_rule(
        "/wp-trackback.php", view_func=trackback.receive_trackback_by_number, methods=["POST"]
    )
    app.add_url_rule("/wp-trackback.php", view_func=trackback.trackback_post_by_number)
    app.add_url_rule(**_BELOW_A_POST, view_func=trackback.receive_trackback_at, methods=["POST"])
    app.add_url_rule(**_BELOW_A_POST, view_func=trackback.trackback_post_at)
    # What the author shows to friends
    app.add_url_rule("/-/drafts/<token>/", view_func=drafts.draft, strict_slashes=False)
    app.add_url_rule("/-/drafts/<token>/<path:path>", view_func=drafts.draft)
    # Where the author decides
    desk.register(app)
    # What the operator asks
    app.add_url_rule("/healthz", view_func=health.healthz)
    app.add_url_rule("/readyz", view_func=health.readyz)
    # The published pages
    app.add_url_rule("/", view_func=site.page, defaults={"path": ""})
    app.add_url_rule("/<published:path>", view_func=site.page)

    refusals.register(app)
    app.after_request(add_headers)
    if service.is_preview:
        preview.install(app)
    app.wsgi_app = UnderBlogPath(app.wsgi_app, service.published)  # type: ignore[method-assign]
    return app
