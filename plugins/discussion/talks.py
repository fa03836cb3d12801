"""The conversations of one build: what is listed under each post, and on which pages it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pelican.contents import Article
from pelican.generators import ArticlesGenerator

from pingback_server.domain.closing import is_open
from pingback_server.domain.discussion import Comment, Item
from pingback_server.domain.identicons import identicon
from pingback_server.domain.paging import pages_of
from pingback_server.domain.posts import Post
from pingback_server.domain.settings import DiscussionSettings
from pingback_server.domain.targets import trackback_path
from pingback_server.domain.threads import thread
from pingback_server.domain.tokens import form_token

from .conversation import Conversation, Form
from .feeds import feed_path
from .self_pings import SelfPings


class Talks:
    """What is said under the posts at the instant `now`: `said` was sent, `self_pings` are found,
    `pictures` are the addresses of those that go with comments, by number.

    Nothing is put together before somebody asks, for by then every plugin has had its hand on the
    texts.
    """

    def __init__(
        self,
        settings: DiscussionSettings,
        *,
        said: Mapping[str, Sequence[Item]],
        self_pings: SelfPings,
        secrets: Sequence[str],
        now: datetime,
        pictures: Mapping[int, str],
    ) -> None:
        self._settings = settings
        self._said = said
        self._self_pings = self_pings
        self._secrets = secrets
        self._now = now
        self._pictures = pictures
        self._talks: dict[str, Conversation] = {}

    def on(self, post: Post) -> Conversation:
        """The conversation on `post`, as the post's own page shows it."""
        if post.id not in self._talks:
            self._talks[post.id] = self._conversation(post)
        return self._talks[post.id]

    def items(self, post: Post) -> tuple[Item, ...]:
        """All that belongs to a post: what was sent, and what own posts say of it."""
        said = tuple(self._said.get(post.id, ()))
        return self._self_pings.added_to(said, post) if self._settings.self_pings else said

    def linked_hosts(self) -> tuple[str, ...]:
        """The other hosts to which the posts link."""
        return self._self_pings.linked_hosts()

    def _conversation(self, post: Post) -> Conversation:
        settings = self._settings
        takes_pings = post.pings and is_open(post.pings_close_at, self._now)
        discussion = thread(
            self.items(post), settings.thread_depth, pings_apart=settings.list_pings_apart
        )
        pages = pages_of(discussion, settings)
        elsewhere = tuple(() if page.is_own else page.anchors for page in pages)
        comments = [node.item for node in discussion if isinstance(node.item, Comment)]
        return Conversation(
            discussion=discussion,
            closes_at=post.closes_at,
            pings_close_at=post.pings_close_at,
            takes_pings=takes_pings,
            form=self._form(post),
            feed="/" + feed_path(post),
            names={comment.id: comment.author for comment in comments},
            post=replace(post, pages=elsewhere if len(pages) > 1 else ()),
            pages=pages,
            page=next(page for page in pages if page.is_own),
            trackback=trackback_path(post) if takes_pings and settings.trackbacks else "",
            faces=self._faces(comments),
            pictures=self._pictures,
            takes_reports=settings.reports,
        )

    def _form(self, post: Post) -> Form | None:
        """The form of a post that takes comments now."""
        if not post.comments or not is_open(post.closes_at, self._now):
            return None
        return Form(
            action="/-/comments",
            token=form_token(self._secrets, post.id),
            length=self._settings.comment_length,
            required=self._settings.required,
            remember=self._settings.remember_me,
            keep_days=self._settings.keep_addresses_days,
            asks_gravatar=self._settings.avatars == "gravatar",
        )

    def _faces(self, comments: Sequence[Comment]) -> dict[int, str]:
        if self._settings.avatars == "none":
            return {}
        return {one.id: identicon(self._secrets, one.author, one.url) for one in comments}


def write_comment_pages(generator: ArticlesGenerator, writer: Any, articles: list[Article]) -> None:
    """Write the further pages of the discussions on `articles`, beside these."""
    template = generator.get_template("comment_page")  # type: ignore[no-untyped-call]
    for article in articles:
        talk: Conversation = generator.context["comments_on"](article)
        for page in talk.pages:
            if not page.is_own:
                writer.write_file(
                    f"{talk.path_of(page)[1:]}index.html",
                    template,
                    generator.context,
                    article=article,
                    talk=talk.shows(page),
                    comment_page=page.number,
                )
