"""The service on the web: every route is in `app`, each answered by a view that calls one deed."""

from .app import create_app

__all__ = ["create_app"]
