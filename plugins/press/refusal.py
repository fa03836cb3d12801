"""Refusing: whatever Pelican raises or logs as an error ends the build with the faults in order."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from .diagnosis import Diagnosis
from .errors import BuildError
from .hearing import Hearing, hearing

_FATAL = "Warning or error encountered"
"""What Pelican raises for `--fatal` after it logged the thing itself."""


@contextmanager
def refusing(diagnosis: Diagnosis) -> Iterator[Hearing]:
    """Raise BuildError if this block raises an exception or logs an error; else it only hears.

    It is about the first fault, by file and line, and has the others as its `also`. The exception
    that led to it is kept as its cause for those who debug Pelican (`-D`).
    """
    with hearing() as heard:
        try:
            yield heard
        except BuildError:
            raise
        except Exception as error:
            debugging = logging.getLogger().isEnabledFor(logging.DEBUG)
            raise _refusal(heard, error, diagnosis) from (error if debugging else None)
        if heard.faults:
            raise _refusal(heard, None, diagnosis)


def _refusal(heard: Hearing, error: Exception | None, diagnosis: Diagnosis) -> BuildError:
    faults = [diagnosis.of_log(fault) for fault in heard.faults]
    if error is not None and str(error) == _FATAL:
        faults = faults or [diagnosis.of_log(warning) for warning in heard.warnings[-1:]]
    elif error is not None:
        fault = diagnosis.of_error(error)
        faults += [fault, *fault.also]
    if not faults:
        return BuildError(_FATAL)
    first, *others = sorted(faults, key=lambda fault: (fault.file or "", fault.line or 0))
    return BuildError(first.message, file=first.file, line=first.line, also=tuple(others))
