"""Permalien's service: takes what readers send, lets the author decide, has the pages follow."""

__version__ = "0.1.0"
