"""Every error that is logged while Pelican works, even where it was told to say nothing of them."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pelican.log import FatalLogger, LimitFilter

_COPYING = {"copy", "copy_file", "walk_error"}
"""The functions of pelican.utils that take a file which could not be copied for a mere warning."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another file, such as `{static}map.png`, of the post or page in `source`.

    `kind` is what stands in braces.
    """

    source: Path
    kind: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A record that was logged, and the exception that was being handled then, if any.

    `link` is the one that Pelican was about to follow: of it the record tells the path alone.
    """

    record: logging.LogRecord
    error: BaseException | None
    link: Link | None

    @property
    def is_fault(self) -> bool:
        """Whether a site that was built with this may not be published."""
        lost = self.record.name == "pelican.utils" and self.record.funcName in _COPYING
        return self.record.levelno >= logging.ERROR or lost


class Hearing(logging.Handler):
    """Keeps what is logged at the level of warnings and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.warnings: list[Heard] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep `record`, the exception being handled, and the link, which Pelican leaves out."""
        self.warnings.append(Heard(record, sys.exc_info()[1], _link_at_work()))

    @property
    def faults(self) -> list[Heard]:
        """What forbids publishing."""
        return [heard for heard in self.warnings if heard.is_fault]


class _StillQuiet(logging.Filter):
    """Keeps from being shown what would not have been logged without us."""

    def __init__(self, quiet: dict[logging.Logger, int]) -> None:
        super().__init__()
        self._quiet = quiet

    def filter(self, record: logging.LogRecord) -> bool:
        logger: logging.Logger | None = logging.getLogger(record.name)
        while logger and not logger.level:
            logger = logger.parent
        return logger is None or record.levelno >= self._quiet.get(logger, 0)


@contextmanager
def hearing() -> Iterator[Hearing]:
    """Hear what is logged in this block; what is shown of it stays as Pelican's options have it.

    Each block hears all anew: Pelican says a thing only once in the life of a process.
    """
    ear = Hearing()
    root = logging.getLogger()
    LimitFilter._raised_messages.clear()
    with ExitStack() as afterwards:
        quiet = {logger: logger.level for logger in _loggers() if logger.level > logging.WARNING}
        for handler in root.handlers:
            still_quiet = _StillQuiet(quiet)
            handler.addFilter(still_quiet)
            afterwards.callback(handler.removeFilter, still_quiet)
        for logger, level in quiet.items():
            afterwards.callback(logger.setLevel, level)
            logger.setLevel(logging.WARNING)
        root.addHandler(ear)
        afterwards.callback(root.removeHandler, ear)
        if FatalLogger.fatal_lvl == logging.ERROR:
            # With `--fatal errors` the first would hide the others; here each forbids publishing.
            afterwards.callback(setattr, FatalLogger, "fatal_lvl", logging.ERROR)
            FatalLogger.fatal_lvl = logging.CRITICAL + 1
        yield ear


def _link_at_work() -> Link | None:
    for frame, _ in traceback.walk_stack(None):
        if frame.f_code.co_name == "_link_replacer":
            return Link(Path(frame.f_locals["self"].source_path), frame.f_locals["what"])
    return None


def _loggers() -> list[logging.Logger]:
    named = logging.getLogger().manager.loggerDict.values()
    return [
        logging.getLogger(),
        *(logger for logger in named if isinstance(logger, logging.Logger)),
    ]
