"""What signs that which nobody did at the desk, in its language: the store keeps English."""

from __future__ import annotations

from collections.abc import Mapping

from ...deeds.purge import PURGER
from ...domain.actions import AUTHOR, OPERATOR, VERIFICATION
from ...domain.own_comments import WRITER
from ...languages import Words, later

_SIGNATURES = {
    AUTHOR: later("the author"),
    OPERATOR: later("the operator"),
    VERIFICATION: later("the verification"),
    WRITER: later("its writer"),
    PURGER: later("the settings"),
}


def signatures(t: Words) -> Mapping[str, str]:
    """What to show in the place of a signature; all others are names, and shown as they are."""
    return {signature: t(words) for signature, words in _SIGNATURES.items()}
