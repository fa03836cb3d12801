"""Posts written at the desk, from a phone if need be: a file in a plain box, then published."""

from __future__ import annotations

from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from ...contents import LONGEST, Opened
from ...deeds.write_post import NewPost, announce, begin_post, save_post
from ...domain.errors import BadTitle, Changed, NoSuchFile, NotText, TooLarge, Unavailable
from ...domain.people import Deed, Person, has_all_posts
from ...languages import later
from ...processes import last_end
from ...server_settings import build_folder_of
from ..service import service
from .access import needs, person
from .frame import render, show_notice, words
from .place import home, number_of
from .republishing import republishing
from .shelf import STATES, State, contents, found, may_write, standing

ROWS = 50
"""How many posts a page lists."""

_BAD_TITLE = later("There is a post of this title today, or it has no letter for an address.")

_NOT_WRITTEN = later("The file cannot be written now. Your text is still in the form.")
_TOO_LONG = later("A file has at most %(n)s characters. Nothing was stored: shorten it.")
_GONE = later("This file is there no longer. Your text is below: keep it as a new post.")


@needs(Deed.WRITE)
def posts() -> ResponseReturnValue:
    """GET /-/desk/posts: what one may write, by state and by words."""
    t, sent = words(), request.args
    state = State(sent["is"]) if sent.get("is") in set(State) else None
    listed = found(sent.get("q", "")[:200], {state} if state else set(State), person())
    page = max(1, number_of(sent.get("page", "")))
    return render(
        "posts.html",
        rows=listed[ROWS * (page - 1) : ROWS * page],
        number=len(listed),
        page=page,
        is_last=ROWS * page >= len(listed),
        words_sought=sent.get("q", "")[:200],
        state=state,
        states={one: t(name) for one, name in STATES.items()},
    )


@needs(Deed.WRITE)
def new_post_page() -> ResponseReturnValue:
    """GET /-/desk/posts/new: title, category and text of a new one."""
    return _new({"title": "", "category": "", "text": ""}, "")


@needs(Deed.WRITE)
def new_post() -> ResponseReturnValue:
    """POST /-/desk/posts/new: a new file, a draft unless one publishes at once; 303 to it."""
    here, sent, who = service(), request.form, person()
    blog = here.blog().blog
    typed = {name: _lines(sent.get(name, "")) for name in ("title", "category", "text")}
    wanted = NewPost(
        title=typed["title"],
        at=here.now().astimezone(ZoneInfo(blog.timezone)),
        category=typed["category"],
        author=_signature(who, blog.author),
        is_draft=sent.get("do") != "publish",
        is_numbered=blog.is_numbered,
        text=typed["text"],
    )
    try:
        begun = begin_post(wanted, contents=contents())
    except BadTitle:
        return make_response(_new(typed, words()(_BAD_TITLE)), 400)
    except TooLarge:
        return make_response(_new(typed, _too_long()), 413)
    except Unavailable:
        return make_response(_new(typed, words()(_NOT_WRITTEN)), 503)
    return _announced(begun)


@needs(Deed.WRITE)
def post(file: str) -> ResponseReturnValue:
    """GET /-/desk/posts/FILE: the whole file in a box, and how the pages stand."""
    try:
        opened = _opened(file)
    except NoSuchFile:
        return show_notice(404, "gone")
    except (NotText, TooLarge):
        return show_notice(409, "not-here")
    return _page(opened)


@needs(Deed.WRITE)
def save(file: str) -> ResponseReturnValue:
    """POST /-/desk/posts/FILE: saved if nobody changed it since it was opened; 303.

    Else 409, with both texts on the page: the box keeps what was typed.
    """
    sent = request.form
    typed = Opened(file, _lines(sent.get("text", "")), sent.get("digest", ""), 0.0)
    try:
        _opened(file)
        saved = save_post(typed, is_published=sent.get("do") == "publish", contents=contents())
    except NoSuchFile:
        # Whoever has it deleted meanwhile: what was typed is kept, for a new one.
        lost = {"title": "", "category": "", "text": typed.text}
        return make_response(_new(lost, words()(_GONE)), 404)
    except NotText:
        return show_notice(409, "not-here")
    except TooLarge:
        return _again(typed, 413, trouble=_too_long())
    except Changed:
        return _again(typed, 409, is_changed=True)
    except Unavailable as trouble:
        return _again(typed, 503, trouble=str(trouble))
    return _announced(saved)


def _announced(saved: Opened) -> ResponseReturnValue:
    """303 to the post, whose pages follow; 503 and its page, if the store takes nothing now.

    Then the file is written: saving it again from there has the pages follow.
    """
    here = service()
    try:
        announce(saved, contents=contents(), store=here.store, now=here.now(), by=person().name)
    except Unavailable as trouble:
        return make_response(_page(saved, trouble=str(trouble)), 503)
    return redirect(f"{home()}/posts/{quote(saved.name)}?saved", 303)


def _too_long() -> str:
    return words()(_TOO_LONG, n=words().number(LONGEST))


def _lines(typed: str) -> str:
    """What was typed into a box, with the ends of lines that files have."""
    return typed.replace("\r\n", "\n")


def _opened(file: str) -> Opened:
    """The file, if this person may write it. NoSuchFile, NotText, TooLarge."""
    files = contents()
    opened = files.opened(file)
    if not may_write(person(), files.head(file)):
        raise NoSuchFile(file)
    return opened


def _again(typed: Opened, status: int, *, is_changed: bool = False, trouble: str = "") -> Response:
    """The page with what was typed in the box, to be saved over what stands in the file now."""
    there = contents().opened(typed.name)
    shown = Opened(typed.name, typed.text, there.digest, there.at)
    page = _page(shown, there=there.text if is_changed else None, trouble=trouble)
    return make_response(page, status)


def _page(opened: Opened, *, there: str | None = None, trouble: str = "") -> str:
    here, t = service(), words()
    shown = standing(contents().head(opened.name))
    ended = last_end(build_folder_of(here.data))
    # A build that ended before the file was saved says nothing of it.
    is_after = ended.at >= opened.at
    return render(
        "post.html",
        opened=opened,
        there=there,
        trouble=trouble,
        post=shown,
        state=t(STATES[shown.state]),
        is_saved="saved" in request.args and request.method == "GET",
        problems=ended.problems if is_after else (),
        republishing=republishing(),
        longest=LONGEST,
    )


def _new(typed: dict[str, str], problem: str) -> str:
    categories = {head.category for head in contents().heads() if head.category}
    return render(
        "new_post.html",
        typed=typed,
        problem=problem,
        categories=sorted(categories, key=str.casefold),
        longest=LONGEST,
    )


def _signature(who: Person, usual: str) -> str:
    """What a new post says in `Author:`; nothing where the blog's own author writes it.

    By that line alone the draft of somebody who has no other posts is known as theirs.
    """
    name = who.display_name or who.name
    return "" if name == usual and has_all_posts(who.role) else name
