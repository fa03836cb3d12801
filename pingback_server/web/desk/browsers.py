"""What kind of browser somebody signs in with, so that its session is known again in a list."""

from __future__ import annotations

from dataclasses import replace

from flask import request

from ...domain.discussion import Whence
from ..whence import whence

# What a browser calls itself; several say that they are others as well, so the order decides.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


def whence_of_browser() -> Whence:
    """Where the request comes from, with the kind of its browser in words: «Firefox, Linux»."""
    said = request.headers.get("User-Agent", "")
    browser = next((name for sign, name in _BROWSERS if f"{sign}/" in said), "")
    if not browser and "Safari/" in said:
        browser = "Safari"
    system = next((name for name in _SYSTEMS if name in said), "")
    return replace(whence(), browser=", ".join(filter(None, (browser, system))))
