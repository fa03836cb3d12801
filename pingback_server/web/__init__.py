"""The service on the web: every route is in `app`, each answered by a view that calls one deed."""
