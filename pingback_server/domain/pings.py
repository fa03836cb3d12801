"""What a ping goes through: from the endpoint, through verification, to its one final state."""

from __future__ import annotations

from enum import StrEnum


class PingState(StrEnum):
    """Where a ping stands. While it is received its source is still to be read."""

    RECEIVED = "received"
    VERIFIED = "verified"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
