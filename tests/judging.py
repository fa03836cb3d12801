"""A judge of pages in a real chromium: whether anything ran, and whether only text has changed.

Many pages are opened as one, each after the other as a browser reads on behind `</html>`: what
broke out of its place in one of them would change what is built of that one or of those behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from test_safe_html import HOOKS

HERE = "http://localhost:8000/"
# So much at once, in characters.
AT_ONCE = 1_000_000
# It forbids nothing: what would have been forbidden is reported to the hooks, and counted as run.
REPORTED = (
    "script-src 'self'; object-src 'none'; base-uri 'none'; frame-src 'none'; style-src 'self'; "
    "img-src 'self'; media-src 'none'; font-src 'none'; connect-src 'self'"
)

# Every element stands in the skeleton with its parent, by names, classes and attributes; what a
# stranger's text has become is judged by the list of what it may be.
JUDGE = """() => {
  const RICH = ".e-content[dir=auto], .said";
  const TAGS = new Set("P BR A EM STRONG CODE PRE BLOCKQUOTE UL OL LI".split(" "));
  const wrong = [], skeleton = new Set(), signatures = new Map();
  const KEPT = new Set(["class", "type", "rel", "method", "role"]);
  const NUMBERED = new Set(["id", "name", "for"]);
  const signed = (e) => {
    if (!e) return "";
    let known = signatures.get(e);
    if (known !== undefined) return known;
    const names = [...e.attributes].map((a) =>
      KEPT.has(a.name) ? `${a.name}=${a.value}`
      : NUMBERED.has(a.name) ? `${a.name}=${a.value.replace(/[0-9]+/g, "#")}` : a.name);
    known = `${e.namespaceURI.slice(-4)} ${e.localName}[${names.sort().join(" ")}]`;
    signatures.set(e, known);
    return known;
  };
  const all = document.querySelectorAll("*");
  for (const e of all) {
    if (e.parentElement?.closest(RICH)) {
      if (!TAGS.has(e.tagName)) wrong.push(e.outerHTML.slice(0, 200));
      for (const a of e.attributes)
        if (!(e.tagName === "A" && ["href", "rel"].includes(a.name))) wrong.push(`${a.name}=`);
    } else skeleton.add(`${signed(e.parentElement)} > ${signed(e)}`);
  }
  for (const rich of document.querySelectorAll(RICH)) {
    const again = document.createElement("template");
    again.innerHTML = rich.innerHTML;
    if (again.innerHTML !== rich.innerHTML) wrong.push("changes when read again");
    const parsed = new DOMParser().parseFromString(rich.innerHTML, "text/html");
    if (parsed.body.innerHTML.trim() !== rich.innerHTML.trim())
      wrong.push("changes when parsed again");
  }
  for (const link of document.links)
    if (!["http:", "https:", "mailto:", ":"].includes(link.protocol)) wrong.push(link.href);
  const notes = document.createNodeIterator(document, NodeFilter.SHOW_COMMENT);
  for (let note; (note = notes.nextNode()); ) wrong.push(`<!--${note.data}-->`);
  const events = ["click", "mouseover", "focus", "toggle", "error", "load", "begin", "submit"];
  for (const e of all)
    for (const name of events)
      e.dispatchEvent(new Event(name, {bubbles: false, cancelable: true}));
  return {ran: window.ran, wrong, skeleton: [...skeleton]};
}"""


@dataclass(slots=True)
class Judgement:
    """Of pages of a kind: how often anything ran, what was wrong, what they are made of."""

    ran: int = 0
    wrong: list[str] = field(default_factory=list)
    skeleton: set[str] = field(default_factory=set)


def judge(
    browser: Any, pages: Mapping[str, Sequence[str]], at_once: int = AT_ONCE
) -> dict[str, Judgement]:
    """Open the pages of each kind in a browser, many as one, without what would protect them."""
    found = {kind: Judgement() for kind in pages}
    documents = [
        (kind, document) for kind, some in pages.items() for document in joined(some, at_once)
    ]
    context = browser.new_context()
    context.add_init_script(HOOKS)
    window = context.new_page()
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    with _served([document for _, document in documents]) as address:
        for number, (kind, _) in enumerate(documents):
            _judge_one(window, f"{address}/{number}", found[kind])
            alien = [url for url in asked if not url.startswith((f"{address}/", HERE))]
            found[kind].wrong += [f"it asked for {url}" for url in alien]
            asked.clear()
    context.close()
    return found


def _judge_one(window: Any, url: str, found: Judgement) -> None:
    window.goto(url, wait_until="load")
    if window.url != url:
        found.wrong.append(f"it led elsewhere: {window.url}")
        return
    one = window.evaluate(JUDGE)
    found.ran += one["ran"]
    found.wrong += one["wrong"]
    found.skeleton.update(one["skeleton"])


def joined(pages: Sequence[str], at_once: int) -> Iterator[str]:
    """The pages one behind the other, together as many as have `at_once` characters."""
    together: list[str] = []
    for page in pages:
        if together and sum(map(len, together)) + len(page) > at_once:
            yield "".join(together)
            together = []
        together.append(page)
    yield "".join(together)


@contextmanager
def _served(documents: Sequence[str]) -> Iterator[str]:
    """The documents by number from a server on loopback, at which all else is empty."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that the library calls
            name = self.path.removeprefix("/")
            is_page = name.isdecimal() and int(name) < len(documents)
            body = documents[int(name)].encode() if is_page else b""
            kind = "text/javascript" if name.endswith(".js") else "text/css"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8" if is_page else kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "max-age=600")
            self.send_header("Content-Security-Policy-Report-Only", REPORTED)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
