"""One build's bakery: reads what is public from the store and gives each page its part."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pelican.contents import Article, Content, Page
from pelican.generators import ArticlesGenerator, PagesGenerator

from pingback_server import languages, manifest
from pingback_server.blog_folder import folder_of_build
from pingback_server.domain.discussion import Item
from pingback_server.domain.errors import BuildFailed, NotPublished, Unavailable
from pingback_server.domain.moves import left_addresses
from pingback_server.domain.posts import Manifest, Post
from pingback_server.domain.settings import read_discussion_settings
from pingback_server.domain.switches import AS_SET, Switch, switched
from pingback_server.domain.tokens import form_token
from pingback_server.server_settings import ServerSettings, read_secrets, read_server_settings
from pingback_server.store import Store

from .build_time import build_time
from .claims import clashes
from .conversation import NO_CONVERSATION, Conversation, Form
from .feeds import comment_feeds
from .metadata import is_scheduled, post_id, read_page, read_post
from .moves import tell_of_moves
from .orphans import find_orphans, tell_of_orphans
from .pictures import path_of, write_pictures
from .rehearsal import rehearse
from .self_pings import SelfPings
from .site import check_site, place_in, read_blog
from .talks import Talks, write_comment_pages
from .titles import titles_of

_CLOCK_MAY_ERR = timedelta(minutes=5)
# A preview lists what is not public as well (plugins/drafts).
_PUBLIC = {"published", "hidden"}
_ADDRESSES = ("ARTICLE_URL", "ARTICLE_LANG_URL")


class Bakery:
    """What a build knows of the conversations. `settings` are Pelican's."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._folder = folder_of_build(os.environ)
        self._pelican = settings
        # Where the pages are served from; during the build the press names another place.
        self._live = settings["OUTPUT_PATH"]
        self._server: ServerSettings = read_server_settings(self._folder, os.environ)
        check_site(settings, self._server.data)
        self._discussion = read_discussion_settings(settings["DISCUSSION"])
        self._zone = ZoneInfo(settings.get("TIMEZONE", "UTC"))
        # Scheduled by the one clock of the build: by two, a post could fall between them.
        self._is_scheduling = not settings["WITH_FUTURE_DATES"]
        settings["WITH_FUTURE_DATES"] = True
        self._manifest: Manifest | None = None
        self._said: dict[str, tuple[Item, ...]] = {}
        self._switches: dict[str, Switch] = {}
        self._pictures: dict[int, bytes] = {}
        self._talks: Talks | None = None
        self.begin()

    def begin(self) -> None:
        """Begin a run, of which `pelican --autoreload` makes several: the clock is read once."""
        self._now = build_time()
        self._check_clock()
        self._scheduled: dict[str, datetime] = {}

    def _check_clock(self) -> None:
        """Refuse a clock that went back: all that was published since would be held back again."""
        before = self._manifest_before()
        is_told = "SOURCE_DATE_EPOCH" in os.environ
        if before is not None and not is_told and before.built_at - self._now > _CLOCK_MAY_ERR:
            raise BuildFailed(
                f"the clock says {self._now:%Y-%m-%d %H:%M} UTC, but the last build was at "
                f"{before.built_at:%Y-%m-%d %H:%M}: set the clock right; if it was wrong then, "
                f"remove {self._server.manifest_path}"
            )

    def schedule(self, content: Content) -> None:
        """Hold an article back whose date has not come."""
        if (
            self._is_scheduling
            and isinstance(content, Article)
            and content.status in {"published", "hidden"}
            and hasattr(content, "date")
            and content.date > self._now
        ):
            self._scheduled[post_id(content)] = content.date.astimezone(UTC)
            content.status = "draft"

    def bake(self, generators: list[Any]) -> None:
        """Collect the posts and give all templates `site`, `words` and `comments_on`."""
        articles = next(item for item in generators if isinstance(item, ArticlesGenerator))
        pages = next(item for item in generators if isinstance(item, PagesGenerator))
        live = [*articles.articles, *articles.translations]
        settings = {**self._pelican, "OUTPUT_PATH": self._live}
        blog = read_blog(settings, self._folder, articles, pages)
        live += [*articles.hidden_articles, *articles.hidden_translations]
        hidden = [*pages.hidden_pages, *pages.hidden_translations]
        self._look_into_store()
        public = [*live, *pages.pages, *pages.translations, *hidden]
        drafts = [*articles.drafts, *articles.drafts_translations]
        posts = self._read(public, [draft for draft in drafts if is_scheduled(draft)])
        listed = {post_id(one): one for one in live if one.status == "published"}
        before = self._manifest_before()
        orphans = find_orphans(self._said, posts, before)
        left = left_addresses(before, posts)
        tell_of_moves(left, before.left if before else (), {post_id(one): one for one in public})
        tell_of_orphans(orphans, self._said, {post_id(draft) for draft in drafts})
        self._manifest = Manifest(
            blog,
            self._discussion,
            posts,
            self._now,
            self._scheduled,
            orphans,
            left,
            address_forms=tuple(self._pelican[key] for key in _ADDRESSES),
        )
        rehearse(self._manifest, self._folder)
        secrets = read_secrets(self._server)
        self._talks = talks = Talks(
            self._discussion,
            said=self._said,
            self_pings=SelfPings(blog, posts, listed, title_of=titles_of(articles)),
            secrets=secrets,
            now=self._now,
            pictures={id: f"/{path_of(one)}" for id, one in self._pictures.items()},
        )

        def comments_on(article: Article) -> Conversation:
            if article.status not in _PUBLIC:
                return NO_CONVERSATION
            return talks.on(posts[post_id(article)])

        def contact_form(page: Page) -> Form:
            token = form_token(secrets, post_id(page))
            settings = self._discussion
            return Form(
                "/-/messages",
                token,
                settings.comment_length,
                keep_days=settings.keep_addresses_days,
            )

        generators[0].context.update(
            site=blog, comments_on=comments_on, contact_form=contact_form, words=self._words
        )

    def _read(self, public: Iterable[Article | Page], scheduled: list[Article]) -> dict[str, Post]:
        """The public posts and pages by their ids.

        BuildFailed names every one whose metadata is wrong. So it does with those scheduled: they
        would keep every build from the moment on at which nobody sits there.
        """
        read: list[tuple[Content, Post]] = []
        mistakes: list[BuildFailed] = []
        for content in (*public, *scheduled):
            try:
                read.append((content, self._post(content)))
            except BuildFailed as mistake:
                mistakes.append(mistake)
        if mistakes := mistakes + clashes(read):
            first, *others = mistakes
            raise BuildFailed(first.message, first.file, first.line, also=tuple(others))
        waiting = {post_id(content) for content in scheduled}
        return {post.id: post for _, post in read if post.id not in waiting}

    def _post(self, content: Article | Page) -> Post:
        if isinstance(content, Page):
            return read_page(content)
        post = read_post(content, self._discussion, self._zone)
        post = switched(post, self._switches.get(post.id, AS_SET))
        return post if content.status in _PUBLIC else replace(post, comments=False, pings=False)

    def write_pages(self, generator: ArticlesGenerator, writer: Any) -> None:
        """Write the further pages of long discussions; the list of posts says what is on them."""
        if self._manifest is not None and self._talks is not None:
            write_comment_pages(generator, writer, _public(generator))
            posts = self._manifest.posts.items()
            known = {id: self._talks.on(post).post or post for id, post in posts}
            self._manifest = replace(self._manifest, posts=known)

    def write_feeds(self, folder: Path) -> None:
        """Write the feeds of the comments into `folder`, and the pictures beside them."""
        if self._manifest is not None and self._talks is not None:
            said = {
                id: tuple(item for item in self._talks.items(post) if item.is_counted)
                for id, post in self._manifest.posts.items()
            }
            for path, feed in comment_feeds(self._manifest, said, self._words):
                place = folder / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(feed)
            write_pictures(folder, self._pictures.values())

    def announce(self) -> None:
        """Have the service know the new posts before their pages, with their forms, are live."""
        before = self._manifest_before()
        if self._manifest is not None and before is not None and not self._is_trial():
            posts = {**self._manifest.posts, **before.posts}
            manifest.save(replace(before, posts=posts), self._server.manifest_path)

    def hand_over(self) -> None:
        """Leave the service the list of posts, now that the pages are live."""
        if self._manifest is not None and not self._is_trial():
            manifest.save(self._with_hosts(self._manifest), self._server.manifest_path)

    def _with_hosts(self, published: Manifest) -> Manifest:
        """The list with the hosts to which posts link, where the author trusts these."""
        if self._talks is None or not self._discussion.trust_linked_hosts:
            return published
        return replace(published, linked_hosts=self._talks.linked_hosts())

    def _is_trial(self) -> bool:
        """Whether a plain `pelican` built into another folder than the one that is served."""
        before = self._manifest_before()
        is_by_hand = "PERMALIEN_BUILD_REPORT" not in os.environ
        return (
            is_by_hand
            and before is not None
            and before.blog.output != place_in(self._folder, self._live)
        )

    def _manifest_before(self) -> Manifest | None:
        """What the last build published; None if there was none."""
        try:
            return manifest.PublishedBlog(self._server.manifest_path)()
        except NotPublished:
            return None

    def _words(self, language: str) -> languages.Words:
        return languages.words(language, self._zone)

    def _look_into_store(self) -> None:
        """Read all that is approved. The first build makes the store; later it must be there."""
        url = self._server.store_url
        try:
            manifest.check_database(url, self._server.published_path)
            if not self._server.manifest_path.exists():
                with closing(Store.open(url)) as store:
                    store.migrate()
            with closing(Store.open_read_only(url)) as store:
                self._said, self._switches = store.published(), store.switches()
                if self._discussion.avatars == "gravatar":
                    self._pictures = store.pictures()
        except Unavailable as error:
            raise BuildFailed(f"the comments cannot be read: {error}") from error


def _public(generator: ArticlesGenerator) -> list[Article]:
    """Every article that is there to be read, those that no list names among them."""
    listed = [*generator.articles, *generator.translations]
    hidden = [*generator.hidden_articles, *generator.hidden_translations]
    return [article for article in (*listed, *hidden) if article.status in _PUBLIC]
