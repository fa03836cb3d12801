"""XML-RPC as far as Pingback needs it: a call of one procedure read strictly, its answer written.

There is no list of procedures, no description of one, and no call of several in one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from ..domain.errors import BadCall
from .charsets import encoding_named

LARGEST_CALL = 64 * 1024
"""How many bytes of a call are read: two addresses fit in many times over."""

_DEEPEST = 12
_MOST_ELEMENTS = 100
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"'>]*)""")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse>\n'


@dataclass(frozen=True, slots=True)
class Call:
    """A call: the name of the procedure, and its parameters; None stands for what is no text."""

    method: str
    params: tuple[str | None, ...]


@dataclass(slots=True)
class _Element:
    name: str
    children: list[_Element] = field(default_factory=list)
    text: str = ""

    def only(self, name: str) -> _Element:
        """The one child, which has that name."""
        if len(self.children) != 1 or self.children[0].name != name or self.text.strip():
            raise BadCall("invalid", f"<{self.name}> has to hold one <{name}>")
        return self.children[0]


def read_call(body: bytes, charset: str = "") -> Call:
    """The call that `body` is; `charset` is what the Content-Type says, if anything.

    BadCall: `malformed` if it is no XML, has a DOCTYPE, or goes deeper than any call; `invalid` if
    it is no call. A value without a type is a text.
    """
    root = _read(body, charset)
    if root.name != "methodCall" or not 1 <= len(root.children) <= 2:
        raise BadCall("invalid", "this is no <methodCall>")
    named, *listed = root.children
    if named.name != "methodName" or named.children or any(one.name != "params" for one in listed):
        raise BadCall("invalid", "a <methodCall> has a <methodName>, then <params>")
    params = [param for one in listed for param in one.children]
    if any(param.name != "param" for param in params):
        raise BadCall("invalid", "<params> hold nothing but <param>")
    return Call(named.text.strip(), tuple(_text(param.only("value")) for param in params))


def params_of(call: Call, known: str, params: int) -> Sequence[str]:
    """The parameters of a call of the procedure `known`; BadCall if it calls another."""
    if call.method != known:
        raise BadCall("method", f"there is no procedure but {known}")
    texts = [param for param in call.params if param is not None]
    if not len(call.params) == len(texts) == params:
        raise BadCall("params", f"{known} takes {params} texts")
    return texts


def success(text: str) -> bytes:
    """The answer that a call succeeded: one text."""
    return _answer(
        f"<params><param><value><string>{_escaped(text)}</string></value></param></params>"
    )


def fault(code: int, text: str) -> bytes:
    """The answer that it did not: a code that programs know, and words for people."""
    members = (
        f"<member><name>faultCode</name><value><int>{code}</int></value></member>\n"
        "<member><name>faultString</name>"
        f"<value><string>{_escaped(text)}</string></value></member>"
    )
    return _answer(f"<fault><value><struct>\n{members}\n</struct></value></fault>")


def _answer(inside: str) -> bytes:
    return f"{_HEAD}{inside}\n</methodResponse>\n".encode()


def _escaped(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def _text(value: _Element) -> str | None:
    """What a <value> says, white space around it left out; None if that is of another type."""
    if not value.children:
        return value.text.strip()
    if len(value.children) != 1 or value.text.strip():
        raise BadCall("invalid", "a <value> holds one thing")
    [typed] = value.children
    return None if typed.name != "string" or typed.children else typed.text.strip()


def _read(body: bytes, charset: str) -> _Element:
    """The elements of a document, by a reader that knows no DOCTYPE and no entity of its own."""
    if len(body) > LARGEST_CALL:
        raise BadCall("malformed", f"a call has at most {LARGEST_CALL} bytes")
    top = _Element("")
    try:
        _reader(_Tree(top)).Parse(_letters(body, charset), True)
    except (expat.ExpatError, ValueError) as error:
        raise BadCall("malformed", f"this is no well-formed XML: {error}") from None
    return top.children[0]


class _Tree:
    """Puts elements below one another, within bounds."""

    def __init__(self, top: _Element) -> None:
        self._open = [top]
        self._count = 0

    def begin(self, name: str, _attributes: object) -> None:
        self._count += 1
        if len(self._open) > _DEEPEST or self._count > _MOST_ELEMENTS:
            raise BadCall("malformed", "no call has so many elements")
        element = _Element(name)
        self._open[-1].children.append(element)
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def say(self, text: str) -> None:
        self._open[-1].text += text


def _letters(body: bytes, charset: str) -> str:
    """The text of the body, read as the Content-Type says, else as it says itself (RFC 7303 §3).

    ValueError if it is not that, or says what we read nothing in.
    """
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16")
    declared = _DECLARED.match(body)
    label = charset or (declared[1].decode("latin-1") if declared else "utf-8")
    encoding = encoding_named(label)
    if encoding is None:
        raise ValueError("unknown encoding")
    if not charset and encoding.startswith("utf-16"):
        encoding = "utf-8"  # whoever could read this sentence did not need two bytes a letter
    return body.decode(encoding).removeprefix("\ufeff")


def _reader(tree: _Tree) -> expat.XMLParserType:
    reader = expat.ParserCreate()
    reader.buffer_text = True
    reader.StartElementHandler = tree.begin
    reader.EndElementHandler = tree.end
    reader.CharacterDataHandler = tree.say
    reader.StartDoctypeDeclHandler = _refuse_doctype
    return reader


def _refuse_doctype(*_: object) -> None:
    raise BadCall("malformed", "a call has no DOCTYPE")
