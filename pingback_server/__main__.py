"""`python -m pingback_server` is the command `permalien`."""

from .cli import main

main()
