"""Pings over HTTP, whatever the protocol: the way in, each refusal's answer, the status page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from ..deeds.receive_ping import Doorkeeper, receive_ping
from ..domain.discussion import Status
from ..domain.errors import (
    BadCall,
    Blocked,
    Closed,
    Invalid,
    NoSuchPing,
    NotATarget,
    NotPublished,
    PermalienError,
    QueueFull,
    SourceRefused,
    TooMany,
    Unavailable,
    UnknownTarget,
)
from ..domain.pings import Claim, PingState, Problem, ReceivedPing
from ..languages import later
from ..store import Taken
from .pages import nothing_here, words_in
from .service import service
from .site import is_there
from .whence import whence

_LATER_SECONDS = 60
_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """How a refusal is told: the status of a Webmention's answer, the fault of a Pingback's, and
    the words of all three protocols."""

    status: int
    fault: int
    words: str


# One table for all three (Webmention §3.2.3; Pingback 1.0 §3; XML-RPC's codes of interoperability).
# The first line that fits counts.
ANSWERS: dict[type[PermalienError], Answer] = {
    Invalid: Answer(
        400,
        -32602,
        later(
            "Two addresses are needed: of the page that links here, and of the post it links to."
        ),
    ),
    SourceRefused: Answer(
        400,
        16,
        later("The source cannot be read: it has to be a public page, and another than the post."),
    ),
    UnknownTarget: Answer(400, 32, later("There is nothing at the target.")),
    NotATarget: Answer(
        400, 33, later("The target is no post of this blog: give the address of the post itself.")
    ),
    Closed: Answer(400, 33, later("This post takes no pings, or not any more.")),
    Blocked: Answer(403, 49, later("This blog takes no pings from there.")),
    QueueFull: Answer(503, 0, later("Too much waits already. Please come again later.")),
    TooMany: Answer(429, 49, later("That was a lot at once. Please come again later.")),
    Unavailable: Answer(503, 0, later("The blog cannot take pings right now.")),
    NotPublished: Answer(503, 0, later("The blog cannot take pings right now.")),
}
KNOWN = Answer(200, 48, later("This ping is known already."))
TAKEN = later("Thank you. The page will be read soon; then the author decides.")
BAD_CALLS = {"malformed": -32700, "invalid": -32600, "method": -32601, "params": -32602}

# What the sender is told of a ping that failed. All that has to do with reaching the page is one.
_UNREAD = (
    later("The page could not be read."),
    later("See that it is public, answers within seconds and is not too long, then send it again."),
)
_NOT_YET = (
    later("The page could not be read so far."),
    later("It is tried again by itself, for two days at most; see that it is public and answers."),
)
_GONE = (
    later("The page says that it is gone."),
    later("If it is back, send its address again."),
)
_PROBLEMS = {
    Problem.NO_LINK: (
        later("The page was read, but no link to the post was found in it."),
        later("Put a link to the post into its text, then send its address again."),
    ),
    Problem.GONE: _GONE,
    Problem.IS_TARGET: (
        later("The page turned out to be the post itself."),
        later("Send the address of a page of your own that links to the post."),
    ),
}


def take(claim: Claim) -> Taken:
    """Take a ping in, from where it comes. What is refused is a PermalienError of `ANSWERS`."""
    here, place = service(), whence()
    claim = replace(claim, network=place.network, ip=place.ip)
    door = Doorkeeper(
        here.blog(),
        here.store,
        check=here.check_source,
        is_there=is_there,
        rulings=here.store.rulings.recent(here.now()),
    )
    return receive_ping(claim, door, here.now())


def answer_to(refusal: PermalienError) -> Answer:
    """The line of the table for a refusal; what is in no line is raised again."""
    if isinstance(refusal, BadCall):
        return Answer(200, BAD_CALLS[refusal.why], str(refusal))
    for kind, answer in ANSWERS.items():
        if isinstance(refusal, kind):
            return replace(answer, words=spoken(answer.words))
    raise refusal


def spoken(words: str) -> str:
    """`words` in the language of the blog; as they are where that is not known yet."""
    try:
        blog = service().blog()
    except NotPublished:
        return words
    return words_in(blog, blog.blog.language)(words)


def wait_seconds(refusal: PermalienError) -> int:
    """After how many seconds it is right to come again."""
    wait = refusal.wait.total_seconds() if isinstance(refusal, TooMany) else _LATER_SECONDS
    return int(wait)


def body(largest: int = _LARGEST) -> bytes:
    """What was sent; Invalid if it is longer than any ping."""
    request.max_content_length = largest
    try:
        return request.get_data(cache=False)
    except HTTPException:
        raise Invalid({"body": "too-long"}) from None


def ping_status(token: str) -> ResponseReturnValue:
    """GET /-/pings/TOKEN: what became of a ping, and what its sender can do; nothing private."""
    here = service()
    try:
        ping = here.store.pings.by_token(token)
    except NoSuchPing:
        return nothing_here()
    return status_page(ping) or nothing_here()


def status_page(ping: ReceivedPing) -> str:
    """What became of a ping, as a page; empty if its post is not published any more."""
    here = service()
    blog = here.blog()
    post = blog.posts.get(ping.post)
    if post is None:
        return ""
    t = words_in(blog, post.language)
    return here.theme.render(
        "ping.html",
        blog,
        post.language,
        post=post,
        state=_shown_state(ping),
        source=ping.source,
        at=ping.received_at,
        problem=" ".join(map(t, _said(ping))),
        address=f"{post.path}#comment-{ping.comment}",
    )


def _said(ping: ReceivedPing) -> tuple[str, ...]:
    """What kept it from being listed, if anything did, and what its sender can do."""
    if ping.problem:
        return _PROBLEMS.get(Problem(ping.problem), _UNREAD)
    is_tried = ping.state is PingState.RECEIVED and ping.failures > 0
    return _NOT_YET if is_tried else ()


def _shown_state(ping: ReceivedPing) -> str:
    """Where it stands, as its sender may know: what the author threw away just waits."""
    if ping.state is not PingState.VERIFIED or ping.comment is None:
        return ping.state.value
    entry = service().store.entry(ping.comment)
    return "public" if entry.status is Status.APPROVED else ping.state.value
