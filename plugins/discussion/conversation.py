"""What the article template sees of a post's conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pingback_server.domain.discussion import Comment
from pingback_server.domain.threads import Discussion


@dataclass(frozen=True, slots=True)
class Form:
    """Where a form is sent, the token that names its post or page, the longest text taken.

    `required` are the fields that have to be filled in besides the text; `remember` says whether
    the form offers to remember its writer.
    """

    action: str
    token: str
    length: int
    required: frozenset[str] = frozenset({"author"})
    remember: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """A post's discussion, when it closes, and its form while it is open.

    Its addresses begin below the blog's path. `names` are those of who commented, by number;
    `takes_pings` says that the post takes pings now.
    """

    discussion: Discussion
    closes_at: datetime | None
    pings_close_at: datetime | None
    takes_pings: bool
    form: Form | None
    feed: str
    names: Mapping[int, str]

    @property
    def is_open(self) -> bool:
        """Whether the discussion takes comments."""
        return self.form is not None

    @property
    def is_silent(self) -> bool:
        """Whether nothing was said and nothing can be: then one sentence says it all."""
        return not self.is_open and not self.discussion.count

    @property
    def changed_at(self) -> datetime | None:
        """When the newest of what is listed was said; None if nothing was."""
        return max((node.item.at for node in self.discussion), default=None)

    def name_of(self, id: int) -> str:
        """Who wrote the comment `id`; nothing if that is not listed."""
        return self.names.get(id, "")

    def reply_path(self, comment: Comment) -> str:
        """The address of the form that answers `comment`."""
        return f"/-/comments/{comment.id}/reply"


NO_CONVERSATION = Conversation(Discussion(), None, None, False, None, "", {})
"""That of a post that is not public: none, and no feed of it."""
