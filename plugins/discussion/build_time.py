"""The instant for which a blog is built."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from pingback_server.domain.errors import BadSetting


def build_time() -> datetime:
    """SOURCE_DATE_EPOCH (reproducible-builds.org), or now. BadSetting if that is no instant."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    except (ValueError, OverflowError, OSError):
        raise BadSetting(
            f"SOURCE_DATE_EPOCH has to be seconds since 1970, such as 1767225600, not {epoch!r}"
        ) from None
