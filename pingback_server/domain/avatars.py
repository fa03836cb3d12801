"""Pictures that people have left with Gravatar: whose they are, and when it is asked for one."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

SIDE = 96
"""How many pixels wide and high a picture is kept: three for each one that a page shows."""

ASK_AGAIN_AFTER = timedelta(days=30)
"""How long an answer is believed, be it a picture or that there is none."""

_FIRST_PAUSE = timedelta(hours=1)


def digest_of_address(email: str) -> str:
    """What an address is called there (docs.gravatar.com/rest/hash): SHA-256 of it, tidied up."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def address_of_picture(digest: str) -> str:
    """Where the picture of an address is, 404 if there is none."""
    return f"https://www.gravatar.com/avatar/{digest}?d=404&s={SIDE}"


def ask_again_at(now: datetime, failures: int) -> datetime:
    """When to ask next: in a month after an answer, after an hour, 4, 16 … without one."""
    pause = ASK_AGAIN_AFTER
    if 0 < failures < 6:
        pause = min(pause, _FIRST_PAUSE * 4 ** (failures - 1))
    return now + pause


def name_of_picture(picture: bytes) -> str:
    """The file that holds a picture: named by what it shows, not by whom."""
    return f"{hashlib.sha256(picture).hexdigest()[:20]}.webp"
