"""A judge of pages in a real chromium: whether anything ran, and whether only text has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from test_safe_html import HOOKS

HOST = "http://judged.localhost"
AT_ONCE = 30
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
  const wrong = [], skeleton = new Set();
  const plain = (text) => text.replace(/[0-9]+/g, "#");
  const signed = (e) => {
    const names = [...e.attributes].map((a) =>
      ["class", "type", "rel", "method", "role"].includes(a.name) ? `${a.name}=${a.value}`
      : ["id", "name", "for"].includes(a.name) ? `${a.name}=${plain(a.value)}` : a.name);
    return `${e.namespaceURI.slice(-4)} ${e.localName}[${names.sort().join(" ")}]`;
  };
  for (const e of document.querySelectorAll("*")) {
    if (e.parentElement?.closest(RICH)) {
      if (!TAGS.has(e.tagName)) wrong.push(e.outerHTML.slice(0, 200));
      for (const a of e.attributes)
        if (!(e.tagName === "A" && ["href", "rel"].includes(a.name))) wrong.push(`${a.name}=`);
    } else skeleton.add(`${e.parentElement ? signed(e.parentElement) : ""} > ${signed(e)}`);
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
  for (const e of document.querySelectorAll("*"))
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


def judge(browser: Any, pages: Sequence[str]) -> Judgement:
    """Open the pages in a browser, some at once, each in a frame of its own without protection."""
    found = Judgement()
    context = browser.new_context()
    context.add_init_script(HOOKS)
    context.route("**/*", lambda route: _answer(route, pages, found))
    window = context.new_page()
    for start in range(0, len(pages), AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, len(pages)))
        window.goto(f"{HOST}/frames/{start}-{numbers.stop}", wait_until="load")
        frames = {frame.url: frame for frame in window.frames[1:]}
        for number in numbers:
            frame = frames.get(f"{HOST}/{number}")
            if frame is None:
                found.wrong.append(f"it led elsewhere: {pages[number][:500]}")
                continue
            one = frame.evaluate(JUDGE)
            found.ran += one["ran"]
            found.wrong += one["wrong"]
            found.skeleton.update(one["skeleton"])
    context.close()
    return found


def _answer(route: Any, pages: Sequence[str], found: Judgement) -> None:
    url = route.request.url
    what = url.removeprefix(f"{HOST}/")
    if what.isdecimal():
        headers = {"Content-Security-Policy-Report-Only": REPORTED}
        route.fulfill(
            body=pages[int(what)], content_type="text/html; charset=utf-8", headers=headers
        )
    elif what.startswith("frames/"):
        first, _, last = what.removeprefix("frames/").partition("-")
        frames = "".join(f"<iframe src=/{n}></iframe>" for n in range(int(first), int(last)))
        route.fulfill(body=f"<!doctype html>{frames}", content_type="text/html")
    else:
        if not url.startswith(HOST) and not url.startswith("http://localhost:8000/"):
            found.wrong.append(f"it asked for {url}")
        route.abort()
