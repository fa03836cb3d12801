"""Every message of templates and code, and the catalogues kept in step with them.

`python tests/messages.py` adds new messages to each `permalien.po`, drops what is no longer said,
and compiles. It needs Babel, which only developers have.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "pingback_server" / "languages"

# A message is one text, or a pair of singular and plural.
Message = str | tuple[str, str]
_SPOKEN = {"t", "later"}
_METHODS = {"n", "parts"}


class NotAMessage(Exception):
    """A template asks for a message that no catalogue can hold, since it is computed."""


def messages() -> dict[Message, list[str]]:
    """Every message with the places where it is said, in a stable order."""
    found: dict[Message, list[str]] = {}
    for file in sorted((ROOT / "theme" / "templates").rglob("*.html")):
        for message, line in in_template(file.read_text("utf-8"), file.name):
            found.setdefault(message, []).append(f"{file.relative_to(ROOT)}:{line}")
    for file in sorted(
        (*(ROOT / "pingback_server").rglob("*.py"), *(ROOT / "plugins").rglob("*.py"))
    ):
        for message, line in in_python(file.read_text("utf-8")):
            found.setdefault(message, []).append(f"{file.relative_to(ROOT)}:{line}")
    return found


def in_template(source: str, name: str = "") -> Iterator[tuple[Message, int]]:
    """The messages of a template: `t("…")`, `t.n("…", "…", …)`, `t.parts("…")`."""
    for call in Environment().parse(source).find_all(nodes.Call):
        method = _template_method(call.node)
        if method is None:
            continue
        texts = [item.value if isinstance(item, nodes.Const) else None for item in call.args]
        message = _message(method, texts)
        if message is None:
            raise NotAMessage(f"{name}:{call.lineno}: a template's message is a literal text")
        yield message, call.lineno


def in_python(source: str) -> Iterator[tuple[Message, int]]:
    """The messages of a module: as in templates, and `later("…")`; a computed one is not one."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        method = _python_method(call.func)
        if method is None:
            continue
        texts = [item.value if isinstance(item, ast.Constant) else None for item in call.args]
        message = _message(method, texts)
        if message is not None:
            yield message, call.lineno


def _template_method(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Name) and node.name == "t":
        return "t"
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return node.attr if node.node.name == "t" and node.attr in _METHODS else None
    return None


def _python_method(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return "t" if node.id in _SPOKEN else None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr if node.value.id == "t" and node.attr in _METHODS else None
    return None


def _message(method: str, texts: Sequence[object]) -> Message | None:
    wanted = texts[: 2 if method == "n" else 1]
    if not wanted or not all(isinstance(text, str) for text in wanted):
        return None
    return (str(wanted[0]), str(wanted[1])) if method == "n" else str(wanted[0])


def template() -> Catalog:
    """The messages as a catalogue without translations."""
    catalogue = Catalog(project="Permalien", fuzzy=False)
    for message in messages():
        catalogue.add(message)
    return catalogue


def read(po: Path) -> Catalog:
    """The catalogue of one language."""
    with po.open("rb") as file:
        return read_po(file, locale=po.parts[-3])


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as `permalien.mo` holds it."""
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def update(po: Path) -> list[str]:
    """Bring one catalogue up to date and compile it; the messages still without translation."""
    catalogue = read(po)
    catalogue.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    buffer = BytesIO()
    write_po(buffer, catalogue, width=100, omit_header=False, sort_output=True, no_location=True)
    po.write_bytes(buffer.getvalue())
    po.with_suffix(".mo").write_bytes(compiled(read(po)))
    return [str(item.id) for item in catalogue if item.id and not all(_strings(item.string))]


def _strings(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [string or ""] if string is None or isinstance(string, str) else list(string)


if __name__ == "__main__":
    for po in sorted(CATALOGUES.glob("*/LC_MESSAGES/permalien.po")):
        lines = [str(po.relative_to(ROOT)), *(update(po) or ["is up to date"])]
        sys.stdout.write("\n  ".join(lines) + "\n")
