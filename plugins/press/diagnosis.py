"""What went wrong in a build, in words, and in which line of which file an author can mend it."""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass
from logging import LogRecord
from pathlib import Path
from types import FrameType
from typing import Any

from jinja2 import TemplateNotFound, TemplateSyntaxError

from .errors import BuildError
from .hearing import Heard, Link
from .sources import line_of_bad_byte, line_of_field, line_of_link, line_of_value_in

_PLACE = re.compile(r"(?P<file>[^:\n]+):(?P<line>\d+): (?P<message>.*)", re.DOTALL)
"""How docutils and compilers begin a message."""

_FIELDS_OF_LOG = {
    "Unknown status": ("status",),
    "would be written outside": ("save_as", "slug", "title"),
}
_FIELDS_OF_ERROR = {
    "PelicanTemplateNotFound": ("template",),
    "FileOverwriteFailedError": ("save_as", "slug", "title"),
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Makes BuildErrors of what Pelican raises and logs.

    `content` is the folder of the sources. `staging` is called `live` in every message, and files
    under the current folder are named from there.
    """

    content: Path
    staging: Path
    live: Path

    def of_error(self, error: BaseException) -> BuildError:
        """What an exception that ended the build says."""
        if isinstance(error, BuildError):
            return error
        return (
            self._of_itself(error)
            or self._of_template(error)
            or self._of_disk(error)
            or self._of_file_read(error)
            or self._of_content_at_work(error)
            or self._of_placed_message(str(error))
            or self._of_code(error)
        )

    def of_log(self, heard: Heard) -> BuildError:
        """What a logged fault says."""
        source = self._source_named_by(heard.record)
        if source and str(heard.record.msg).startswith("Could not process") and heard.error:
            return self._of_source(source, heard.error)
        message = heard.record.getMessage()
        if heard.link and str(heard.record.msg).startswith("Unable to find '%s', skipping url"):
            return self._of_dead_link(heard.record, heard.link)
        if source is None and heard.error and heard.record.exc_info:
            cause = self.of_error(heard.error)
            return self._fault(f"{message}: {cause.message}", file=cause.file, line=cause.line)
        if source is None:
            return self._of_placed_message(message) or self._fault(message)
        if "could not find information about" in str(heard.record.msg):
            field = str(heard.record.args[1]) if isinstance(heard.record.args, tuple) else ""
            line = line_of_field(source, field) or 1
            return self._fault(f"{field.capitalize()} is missing", file=source, line=line)
        fields = next((f for part, f in _FIELDS_OF_LOG.items() if part in message), ())
        return self._fault(message, file=source, line=line_of_field(source, *fields))

    def _of_itself(self, error: BaseException) -> BuildError | None:
        """One that says its place, as a plugin's may: `message`, `file`, `line`, and `also`."""
        message, file = getattr(error, "message", None), getattr(error, "file", None)
        if not isinstance(message, str) or not isinstance(file, str):
            return None
        fault = self._fault(message, file=file, line=getattr(error, "line", None))
        fault.also = tuple(self.of_error(other) for other in getattr(error, "also", ()))
        return fault

    def _of_template(self, error: BaseException) -> BuildError | None:
        """A template that cannot be read, or the innermost one that was being rendered."""
        if isinstance(error, TemplateSyntaxError):
            message = error.message or "cannot be read"
            return self._fault(message, file=error.filename or error.name, line=error.lineno)
        for frame, line in reversed(_frames(error)):
            if "__jinja_exception__" in frame.f_globals:
                message = f"{_said(error)}{_while_writing(error)}"
                return self._fault(message, file=frame.f_code.co_filename, line=line)
        return None

    def _of_disk(self, error: BaseException) -> BuildError | None:
        """What the system refuses: no room, no permission."""
        if not isinstance(error, OSError) or error.strerror is None:
            return None
        return self._fault(f"{error.strerror}{_while_writing(error)}", file=error.filename)

    def _of_file_read(self, error: BaseException) -> BuildError | None:
        """A file, of whatever kind, whose bytes are not text."""
        if not isinstance(error, UnicodeDecodeError):
            return None
        names = [frame.f_locals.get("filename") for frame, _ in reversed(_frames(error))]
        for file in (Path(name) for name in names if isinstance(name, str)):
            if file.is_file() and (found := line_of_bad_byte(file)):
                line, byte = found
                return self._fault(f"byte 0x{byte:02x} is not UTF-8 text", file=file, line=line)
        return None

    def _of_content_at_work(self, error: BaseException) -> BuildError | None:
        """The post or page at which Pelican was when the error came."""
        for frame, _ in reversed(_frames(error)):
            for name in ("article", "page", "draft"):
                path = getattr(frame.f_locals.get(name), "source_path", None)
                if isinstance(path, str):
                    fields = _FIELDS_OF_ERROR.get(type(error).__name__, ())
                    line = line_of_field(Path(path), *fields)
                    return self._fault(_said(error), file=path, line=line)
        return None

    def _of_dead_link(self, record: LogRecord, link: Link) -> BuildError:
        """A link such as `{filename}gone.md`, of which Pelican says neither file nor line."""
        path = str(record.args[0]) if isinstance(record.args, tuple) else ""
        line = line_of_link(link.source, link.kind, path)
        return self._fault(record.getMessage(), file=link.source, line=line)

    def _of_placed_message(self, message: str) -> BuildError | None:
        """A message that names file and line itself."""
        found = _PLACE.match(message)
        if not found or not Path(found["file"]).is_file():
            return None
        return self._fault(found["message"], file=found["file"], line=int(found["line"]))

    def _of_code(self, error: BaseException) -> BuildError:
        """A mistake in code is where it was made; a refusal in words speaks for itself."""
        frames = _frames(error)
        if type(error).__module__ != "builtins" or not frames or isinstance(error, RuntimeError):
            return self._fault(_said(error))
        frame, line = frames[-1]
        return self._fault(_said(error), file=frame.f_code.co_filename, line=line)

    def _of_plugin(self, error: BaseException, source: Path) -> BuildError | None:
        """A mistake in code that one of Pelican's signals called while `source` was read."""
        frames = _frames(error)
        calls = [number for number, (frame, _) in enumerate(frames) if _module(frame) == "blinker"]
        called = frames[calls[-1] + 1 :] if calls else []
        if not called or not _is_mistake(error):
            return None
        # Libraries that the plugin has called are not where its author can mend it.
        own = [(frame, line) for frame, line in called if _module(frame) == _module(called[0][0])]
        message = f"{_said(error)} (while reading {self._short(source)})"
        return self._fault(message, file=own[-1][0].f_code.co_filename, line=own[-1][1])

    def _of_source(self, source: Path, error: BaseException) -> BuildError:
        """A post that could not be read."""
        known = (
            self._of_file_read(error)
            or self._of_placed_message(str(error))
            or self._of_plugin(error, source)
        )
        if known:
            return known
        field = _local(error, "process_metadata", "name")
        if field:
            message = f"{field.capitalize()}: {_said(error)}"
            return self._fault(message, file=source, line=line_of_field(source, field))
        line = line_of_value_in(source, str(error))
        return self._fault(_said(error), file=source, line=line)

    def _source_named_by(self, record: LogRecord) -> Path | None:
        """The source file that stands among the arguments of a record."""
        for value in record.args if isinstance(record.args, tuple) else ():
            path = getattr(value, "source_path", value)
            if isinstance(path, str) and path and (self.content / path).is_file():
                return self.content / path
        return None

    def _fault(
        self, message: str, *, file: str | Path | None = None, line: int | None = None
    ) -> BuildError:
        message = message.replace(str(self.staging), str(self.live))
        return BuildError(message, file=self._short(file) if file else None, line=line)

    def _short(self, file: str | Path) -> str:
        path = Path(str(file).replace(str(self.staging), str(self.live))).absolute()
        here = Path.cwd()
        return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _is_mistake(error: BaseException) -> bool:
    """Whether it is one in code, not a refusal in words."""
    refusals = (ValueError, RuntimeError)
    return type(error).__module__ == "builtins" and not isinstance(error, refusals)


def _said(error: BaseException) -> str:
    """The words of an exception, with its name where they alone say too little."""
    if isinstance(error, TemplateNotFound):
        return f"there is no template {error}"
    if isinstance(error, KeyError) and type(error) is not KeyError:
        return str(error.args[0])
    if not _is_mistake(error):
        return str(error) or type(error).__name__
    return f"{type(error).__name__}: {error}"


def _while_writing(error: BaseException) -> str:
    page = _local(error, "_write_file", "name") or _local(error, "write_feed", "path")
    return f" (while writing {page})" if page else ""


def _frames(error: BaseException) -> list[tuple[FrameType, int]]:
    return list(traceback.walk_tb(error.__traceback__))


def _module(frame: FrameType) -> str:
    """The package in which a frame is at work."""
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _local(error: BaseException, function: str, name: str) -> Any:
    """What `name` was in the innermost call of `function` that the error passed through."""
    for frame, _ in reversed(_frames(error)):
        if frame.f_code.co_name == function and name in frame.f_locals:
            return frame.f_locals[name]
    return None
