"""What the article template sees of a post's conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pingback_server.domain.discussion import Comment, Item
from pingback_server.domain.paging import CommentPage
from pingback_server.domain.posts import Post
from pingback_server.domain.threads import Discussion, in_order

_ONE_PAGE = CommentPage(1, is_own=True)


@dataclass(frozen=True, slots=True)
class Form:
    """Where a form is sent, the token that names its post or page, the longest text taken.

    `required` are the fields that have to be filled in besides the text; `remember` says whether
    the form offers to remember its writer, `keep_days` how long a network address is kept, and
    `asks_gravatar` whether the blog asks there for a picture of its writer.
    """

    action: str
    token: str
    length: int
    required: frozenset[str] = frozenset({"author"})
    remember: bool = False
    keep_days: int = 365
    asks_gravatar: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """A post's discussion, when it closes, and its form while it is open.

    Its addresses begin below the blog's path. `names` are those of who commented, by number, and
    `faces` the drawings that go with them, where the blog shows any, `pictures` the addresses of
    those that take a drawing's place; `takes_pings` says that the
    post takes pings now, and `trackback` where a Trackback is sent, if it takes those too. `page`
    is the one of the `pages` of the discussion that is shown; `takes_reports` says that readers may
    report comments.
    """

    discussion: Discussion
    closes_at: datetime | None
    pings_close_at: datetime | None
    takes_pings: bool
    form: Form | None
    feed: str
    names: Mapping[int, str]
    post: Post | None = None
    pages: tuple[CommentPage, ...] = (_ONE_PAGE,)
    page: CommentPage = _ONE_PAGE
    trackback: str = ""
    faces: Mapping[int, str] = field(default_factory=dict)
    takes_reports: bool = False
    pictures: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether the discussion takes comments."""
        return self.form is not None

    @property
    def is_silent(self) -> bool:
        """Whether nothing was said and nothing can be: then one sentence says it all."""
        discussion = self.discussion
        return not (self.is_open or discussion.count or discussion.reactions)

    @property
    def changed_at(self) -> datetime | None:
        """When the newest of what is listed was said or edited; None if nothing was."""
        items = (node.item for node in self.discussion if node.item.is_counted)
        return max(map(_changed_at, items), default=None)

    @property
    def listed(self) -> Iterator[Item]:
        """What stands on the page that is shown, in the order of reading; reactions do not."""
        for node in in_order(self.page.threads):
            yield node.item
        if self.page.is_own:
            yield from self.discussion.pings

    @property
    def older(self) -> CommentPage | None:
        """The page of what was said before."""
        return self.pages[self.page.number - 2] if self.page.number > 1 else None

    @property
    def newer(self) -> CommentPage | None:
        """The page of what was said after."""
        return self.pages[self.page.number] if self.page.number < len(self.pages) else None

    def shows(self, page: CommentPage) -> Conversation:
        """The conversation as that one of its pages shows it."""
        return replace(self, page=page)

    def path_of(self, page: CommentPage) -> str:
        """The address of a page of the discussion; its own page is the post's."""
        if self.post is None:
            return ""
        return self.post.path if page.is_own else f"/{self.post.folder_of_page(page.number)}"

    def address_of(self, anchor: str) -> str:
        """Where what has this anchor stands, on whichever page."""
        return "" if self.post is None else self.post.address_of(anchor)

    def is_here(self, anchor: str) -> bool:
        """Whether what has this anchor stands on the page that is shown."""
        return self.address_of(anchor) == f"{self.path_of(self.page)}#{anchor}"

    def name_of(self, id: int) -> str:
        """Who wrote the comment `id`; nothing if that is not listed."""
        return self.names.get(id, "")

    def face_of(self, comment: Comment) -> str:
        """The drawing that goes with whoever wrote `comment`, as the path of an SVG; or nothing."""
        return self.faces.get(comment.id, "")

    def picture_of(self, comment: Comment) -> str:
        """The address of the picture that its writer left with Gravatar, or nothing."""
        return self.pictures.get(comment.id, "")

    def reply_path(self, comment: Comment) -> str:
        """The address of the form that answers `comment`."""
        return f"/-/comments/{comment.id}/reply"

    def report_path(self, comment: Comment) -> str:
        """The address of the form by which `comment` is reported to the author."""
        return f"/-/comments/{comment.id}/report"


def _changed_at(item: Item) -> datetime:
    return (item.edited_at if isinstance(item, Comment) else None) or item.at


NO_CONVERSATION = Conversation(Discussion(), None, None, False, None, "", {})
"""That of a post that is not public: none, and no feed of it."""
