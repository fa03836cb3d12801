"""The head of a post apart from its text: YAML between lines `---`, TOML between lines `+++`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import yaml

Value = str | list[str] | None
"""Text, a list of texts, or nothing; None too for what is nested deeper, which no key here is."""

# A head is written by hand: more than this is a text whose end line was forgotten, or a trap.
_LARGEST = 64 * 1024
_ENDS = {"---": ("---", "..."), "+++": ("+++",)}
# What no page and no feed may have; YAML's `\0` and TOML's `\u0000` write it.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NULL = "tag:yaml.org,2002:null"
_LINE_OF_TOML = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


class BadHead(Exception):
    """What is wrong with a head, and in which `line` of the file."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a head in lower case, its value, and the line of the file in which it stands."""

    key: str
    value: Value
    line: int


def parted(text: str) -> tuple[list[Entry], str] | None:
    """The entries of the head of `text` and what follows it; None if it has no such head.

    BadHead if it has one that cannot be read. A line `---` that begins a text is a head.
    """
    first, _, rest = text.partition("\n")
    mark = first.rstrip()
    if mark not in _ENDS:
        return None
    lines = rest.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.rstrip() in _ENDS[mark]:
            head, body = "".join(lines[:number]), "".join(lines[number + 1 :])
            break
    else:
        raise BadHead(f"the head that begins here has no end: a line {mark} is missing", 1)
    if len(head.encode("utf-8")) > _LARGEST:
        raise BadHead(f"the head is longer than {_LARGEST // 1024} KB", 1)
    entries = list(_of_yaml(head) if mark == "---" else _of_toml(head))
    return _shown(_each_once(entries)), body


def _of_yaml(head: str) -> Iterator[Entry]:
    """Every plain value as it was written: `no` is Norwegian, and `2026` a title."""
    try:
        # Nodes, not values: an alias is a reference here, and a thousand of them stay small.
        node = yaml.compose(head, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else 1
        raise BadHead(f"the YAML cannot be read: {error.problem}{_hint(error)}", line) from None
    except yaml.reader.ReaderError as error:
        line = head.count("\n", 0, error.position) + 2
        raise BadHead(f"the YAML cannot be read: {error.reason}", line) from None
    except RecursionError:
        raise BadHead("the YAML is nested too deeply", 1) from None
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        raise BadHead("the YAML has to be lines `key: value`", node.start_mark.line + 2)
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode):
            yield Entry(key.value.strip().lower(), _value(value), key.start_mark.line + 2)


def _hint(error: yaml.MarkedYAMLError) -> str:
    if error.problem == "mapping values are not allowed here":
        return "; a value with a colon in it needs quotes around it"
    return ""


def _value(node: yaml.Node) -> Value:
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == _NULL else str(node.value).strip()
    if isinstance(node, yaml.SequenceNode):
        items = (item for item in node.value if isinstance(item, yaml.ScalarNode))
        texts = (str(item.value).strip() for item in items if item.tag != _NULL)
        return [text for text in texts if text]
    return None


def _of_toml(head: str) -> Iterator[Entry]:
    try:
        values = tomllib.loads(head)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        told = str(error)
        found = _LINE_OF_TOML.search(told)
        line = int(found[1]) + 1 if found and found[1] else 1
        words = _LINE_OF_TOML.sub("", told)
        raise BadHead(f"the TOML cannot be read: {words}", line) from None
    # Zola's posts have their tags and categories in a table of their own.
    shelves = values.pop("taxonomies", {})
    for key, value in {**values, **(shelves if isinstance(shelves, dict) else {})}.items():
        yield Entry(key.lower(), _plain(value), _line_of(key, head))


def _plain(value: Any) -> Value:
    if isinstance(value, list):
        return [text for item in value if isinstance(text := _plain(item), str) and text]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return None if isinstance(value, dict) else str(value).strip()


def _line_of(key: str, head: str) -> int:
    named = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
    numbers = (number for number, line in enumerate(head.splitlines(), 2) if named.match(line))
    return next(numbers, 1)


def _shown(entries: list[Entry]) -> list[Entry]:
    for entry in entries:
        said = entry.value if isinstance(entry.value, list) else [entry.value or ""]
        if any(map(_UNSHOWN.search, (entry.key, *said))):
            raise BadHead(f"`{entry.key}` has a character that cannot be shown", entry.line)
    return entries


def _each_once(entries: list[Entry]) -> list[Entry]:
    seen: set[str] = set()
    for entry in entries:
        if entry.key in seen:
            raise BadHead(f"`{entry.key}` stands here for the second time", entry.line)
        seen.add(entry.key)
    return entries
