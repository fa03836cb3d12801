"""What the article template sees of a post's conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pingback_server.domain.discussion import Comment, Discussion


@dataclass(frozen=True, slots=True)
class Form:
    """Where the comment form is sent, the token that names its post, the longest comment taken."""

    action: str
    token: str
    length: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """A post's discussion, when it closes, and its form while it is open.

    Its addresses begin below the blog's path.
    """

    discussion: Discussion
    closes_at: datetime | None
    form: Form | None
    feed: str

    @property
    def is_open(self) -> bool:
        """Whether the discussion takes comments."""
        return self.form is not None

    @property
    def is_silent(self) -> bool:
        """Whether nothing was said and nothing can be: then one sentence says it all."""
        return not self.is_open and not self.discussion.count

    def reply_path(self, comment: Comment) -> str:
        """The address of the form that answers `comment`."""
        return f"/-/comments/{comment.id}/reply"
