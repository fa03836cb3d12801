"""Which threads of a long discussion stand on which page, and under which numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .settings import DiscussionSettings
from .threads import Discussion, Node, in_order


@dataclass(frozen=True, slots=True)
class CommentPage:
    """One page of a discussion; page 1 has its oldest threads, and none is parted.

    The top level is numbered over all pages: the topmost of `threads` has the number `start`, and
    those below it count on, or down if the newest one `is_newest_first`. One page `is_own`: that
    of the post itself, where also stands what is listed apart.
    """

    number: int
    threads: tuple[Node, ...] = ()
    start: int = 1
    is_newest_first: bool = False
    is_own: bool = False

    @property
    def anchors(self) -> tuple[str, ...]:
        """What of the threads can be pointed at here."""
        return tuple(node.item.anchor for node in in_order(self.threads))


def pages_of(discussion: Discussion, settings: DiscussionSettings) -> tuple[CommentPage, ...]:
    """The pages of `discussion`, page 1 first; a discussion of nothing has one, too."""
    threads = discussion.threads
    at_most = settings.comments_per_page or len(threads) or 1
    is_newest_first = settings.order == "newest"
    pages: list[CommentPage] = []
    for start in range(0, len(threads) or 1, at_most):
        shown = threads[start : start + at_most]
        if is_newest_first:
            first = start + len(shown)
            pages.append(CommentPage(len(pages) + 1, shown[::-1], first, is_newest_first=True))
        else:
            pages.append(CommentPage(len(pages) + 1, shown, start + 1))
    own = 0 if settings.first_shown_page == "first" else -1
    pages[own] = replace(pages[own], is_own=True)
    return tuple(pages)
