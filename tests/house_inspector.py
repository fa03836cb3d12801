"""Reads a house's files and reports each line that breaks a rule of tests/house_rules.py."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from tests.house_rules import (
    DOORS,
    EMPTY_NAMES,
    EXCEPTIONS,
    FILE_METHODS,
    LONGEST_MODULE,
    MARKUP_DOOR,
    NO_ESCAPE,
    PACKAGE,
    PASSAGES,
    PLUGINS,
    PURE_LIBRARIES,
    RENDERED_BY_PELICAN,
    SAFE,
    STOREYS,
    STRANGERS,
    WORLD,
)


@dataclass(frozen=True)
class Module:
    """One Python file of the house."""

    path: str
    name: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source, self.path)

    @property
    def is_package(self) -> bool:
        return self.path.endswith("/__init__.py")

    @property
    def room(self) -> str:
        return room_of(self.name)

    @cached_property
    def uses(self) -> list[tuple[int, str]]:
        """Every import and every dotted name, as (line, full name)."""
        return [*self.imports, *self._names()]

    @cached_property
    def imports(self) -> list[tuple[int, str]]:
        """Every import, at whatever depth in the file, as (line, full name)."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                found += [(node.lineno, f"{base}.{alias.name}") for alias in node.names]
        return found

    @cached_property
    def calls(self) -> list[tuple[int, str]]:
        """Every call of something that has a name, as (line, full name)."""
        nodes = (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))
        return [(node.lineno, self._full_name(node.func)) for node in nodes]

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        climbed = node.level - (1 if self.is_package else 0)
        base = self.name.split(".")[: len(self.name.split(".")) - climbed]
        return ".".join([*base, *([node.module] if node.module else [])])

    @cached_property
    def _aliases(self) -> dict[str, str]:
        known = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                tops = {a.name.split(".")[0] for a in node.names if not a.asname}
                known |= {top: top for top in tops}
                known |= {a.asname: a.name for a in node.names if a.asname}
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                known |= {a.asname or a.name: f"{base}.{a.name}" for a in node.names}
        return known

    def _full_name(self, node: ast.AST) -> str:
        """What a name means after the file's imports; `?` stands for a value of the file's own."""
        if isinstance(node, ast.Attribute):
            return f"{self._full_name(node.value)}.{node.attr}"
        if isinstance(node, ast.Name):
            return self._aliases.get(node.id, node.id if hasattr(builtins, node.id) else "?")
        return "?"

    def _names(self) -> Iterator[tuple[int, str]]:
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.Attribute, ast.Name)) and isinstance(node.ctx, ast.Load):
                yield node.lineno, self._full_name(node)


def room_of(name: str) -> str:
    """`store`, `web`, `deeds.receive`, `press`; nothing for the package's own __init__."""
    first, *rest = name.split(".")
    if first != PACKAGE:
        return first
    return ".".join(rest[:2] if rest[:1] == ["deeds"] else rest[:1])


@lru_cache(maxsize=1000)
def _module(path: str, name: str, source: str) -> Module:
    return Module(path, name, source)


def read_house(root: Path) -> list[Module]:
    """Every Python file of the package and of the plugins below `root`."""
    found = []
    for top, base in ((PACKAGE, root), ("plugins", root / "plugins")):
        for path in sorted((root / top).rglob("*.py")):
            parts = path.relative_to(base).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(_module(_below(root, path), name, _text(path)))
    return found


def violations(root: Path) -> list[str]:
    """Every broken rule below `root`, as `file:line: what is wrong`."""
    house = read_house(root)
    found = [complaint for module in house for complaint in _complaints(module)]
    return sorted({*found, *_map(house), *_templates(root)})


@lru_cache(maxsize=1000)
def _complaints(module: Module) -> tuple[str, ...]:
    found = [
        each for check in (_storeys, _purity, _doors, _markup, _shape) for each in check(module)
    ]
    return tuple(f"{module.path}:{line}: {wrong}" for line, wrong in found)


def safe_filters(root: Path) -> dict[str, int]:
    """How often each template says `|safe`."""
    counts = {_below(root, path): len(SAFE.findall(_text(path))) for path in templates(root)}
    return {path: count for path, count in counts.items() if count}


def templates(root: Path) -> list[Path]:
    """Every template of the theme and of the service."""
    folders = (root / "theme", root / PACKAGE)
    return sorted(
        path for folder in folders for kind in ("*.html", "*.xml") for path in folder.rglob(kind)
    )


def _storeys(module: Module) -> Iterator[tuple[int, str]]:
    floor = _floor(module.room)
    if floor is None:
        yield 1, f"{module.name} stands on no storey: add it to STOREYS"
        return
    for line, name in module.imports:
        room = room_of(name)
        if module.room in STRANGERS:
            if name.split(".")[0] in {PACKAGE, *PLUGINS} - {module.room}:
                yield line, f"{module.room} knows nothing of {name}"
        elif room != module.room and (module.room, room) not in PASSAGES:
            below = _floor(room)
            if below is not None and below >= floor:
                yield line, f"{module.name} imports {name}: imports go downward only"


def _floor(room: str) -> int | None:
    """How high a room lies, the package's __init__ lowest; None if it is none of the house's."""
    if not room:
        return -1
    for height, rooms in enumerate(STOREYS.values()):
        if room.split(".")[0] in rooms:
            return height
    return None


def _purity(module: Module) -> Iterator[tuple[int, str]]:
    if module.room != "domain":
        return
    for line, name in module.imports:
        top = name.split(".")[0]
        if top not in {PACKAGE, *PURE_LIBRARIES, *sys.stdlib_module_names}:
            yield line, f"the domain imports {top}, which is no pure library"
    for line, name in module.uses:
        if _is_one_of(name, WORLD) or name.split(".")[-1] in FILE_METHODS:
            yield line, f"the domain reads no clock, file or environment: {name}"


def _doors(module: Module) -> Iterator[tuple[int, str]]:
    for door in DOORS:
        if not _is_one_of(module.name, door.modules):
            for line, name in module.uses:
                if _is_one_of(name, door.names) and (module.name, name) not in EXCEPTIONS:
                    yield line, f"{door.danger} is not for {module.name}: {name}"


def _markup(module: Module) -> Iterator[tuple[int, str]]:
    if module.name != MARKUP_DOOR:
        for line, name in module.calls:
            if "Markup" in name.split("."):
                yield line, f"only {MARKUP_DOOR} declares text safe: {name}"


def _shape(module: Module) -> Iterator[tuple[int, str]]:
    length = len(module.source.splitlines())
    if length > LONGEST_MODULE:
        yield length, f"{length} lines, more than {LONGEST_MODULE}"
    if EMPTY_NAMES & set(module.name.split(".")):
        yield 1, f"{module.name} says nothing: name what it is for"
    if not ast.get_docstring(module.tree):
        yield 1, "opens without the sentence that says what it is responsible for"


def _map(house: list[Module]) -> Iterator[str]:
    """The map in the package's docstring names each module, `like.this`, and none that is gone."""
    root = next(module for module in house if module.name == PACKAGE)
    mapped = set(re.findall(r"`([\w.]+)`", ast.get_docstring(root.tree) or ""))
    mapped |= {name.rpartition(".")[0] for name in mapped}
    modules = {each.name.removeprefix(f"{PACKAGE}.") for each in house if each.room not in PLUGINS}
    for name in modules - mapped - {PACKAGE, "__main__"}:
        if ".migrations." not in name:
            yield f"{root.path}:1: {PACKAGE}.{name} is not on the map"
    packages = {name.split(".")[0] for name in modules}
    for name in mapped - modules:
        if "." in name and name.split(".")[0] in packages and not name.endswith(".migrations"):
            yield f"{root.path}:1: the map names {PACKAGE}.{name}, which is not there"


def _templates(root: Path) -> Iterator[str]:
    for path in templates(root):
        for number, line in enumerate(_text(path).splitlines(), start=1):
            where = f"{_below(root, path)}:{number}"
            if len(SAFE.findall(line)) != len(RENDERED_BY_PELICAN.findall(line)):
                yield f"{where}: |safe on what Pelican did not render"
            if NO_ESCAPE.search(line):
                yield f"{where}: autoescape is switched off"


def _is_one_of(name: str, names: tuple[str, ...]) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in names)


def _below(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
