"""A real WordPress writes of a post: its pings arrive, are verified and approved, and are read."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from actors import Author, BlogFolder, Serving, free_port, wait_until
from as_wordpress import SCRIPT
from wordpress_peer import WordPress, a_wordpress

from pingback_server.domain.pings import PingState

pytestmark = [
    pytest.mark.soak,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(not SCRIPT.is_file(), reason="there is no WordPress beside the checkout"),
]

LANGUAGES = {
    "en": ("", "The mill’s story", "Ping:\\s"),
    "fr": ("fr_FR", "L’été au moulin : « retour »", "Ping\u00a0:\\s"),
}


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def peer(language: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    """A WordPress in that language."""
    with a_wordpress(
        tmp_path_factory.mktemp(f"wordpress-{language}"), LANGUAGES[language][0]
    ) as it:
        yield it


@pytest.fixture(scope="module")
def served(language: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A blog in that language, served on 127.0.0.1, that may call this machine."""
    port = free_port()
    blog = BlogFolder.init(tmp_path_factory.mktemp(f"served-{language}") / "blog")
    blog.configure(f'SITEURL = "http://127.0.0.1:{port}"\nDEFAULT_LANG = "{language}"')
    blog.configure('DISCUSSION = {"close_after_days": 0, "trackbacks": True}')
    blog.write_post("mill", "The mill", "It turns.", Number="7", Lang=language)
    blog.build()
    blog.environment["PERMALIEN_ALLOW_NETWORKS"] = "127.0.0.0/8"
    with blog:
        serving = Serving(blog, (), {"PERMALIEN_PORT": str(port)})
        try:
            yield serving.until_ready(180)
        finally:
            serving.stop()


def verified(blog: BlogFolder) -> dict[str, str]:
    """The protocols by which pings came that are verified, by their sources."""
    return {ping.source: ping.kind for ping in blog.store.pings.listed([PingState.VERIFIED])}


def test_its_pings_become_lines_below_the_post(
    peer: WordPress, served: Serving, language: str
) -> None:
    blog, author = served.blog, Author(served.blog)
    _, title, before = LANGUAGES[language]
    post = served.url + blog.address("mill")

    pingback = peer.publishes(title, f'<p>See <a href="{post}">this mill</a>, which turns.</p>')
    said = peer.pings()
    trackback = peer.publishes(
        f"{title} (2)",
        f'<p>Again <a href="{post}">the mill</a>.</p>',
        f"--trackback={served.url}/-/trackback/7",
    )
    peer.pings()

    wait_until(lambda: set(verified(blog)) >= {pingback, trackback}, 120, served.said)
    assert verified(blog)[pingback] == "pingback"
    assert post in said.replace("\\/", "/")
    waiting = author.queue()
    assert {item["post"] for item in waiting} == {"mill"}
    assert author.runs("approve", *(str(item["id"]) for item in waiting)).code == 0
    wait_until(lambda: title in blog.page("mill"), 120, served.said)
    shown = " ".join(re.sub("<[^>]*>", "", blog.page("mill")).split(" "))
    assert re.search(before + re.escape(title) + " [–&]", shown)
    assert len(blog.store.entries()) == 2


def test_what_it_sends_again_adds_nothing(peer: WordPress, served: Serving) -> None:
    before = verified(served.blog)
    again = (
        'global $wpdb; foreach (get_posts(["numberposts" => -1]) as $post) {'
        ' $wpdb->update($wpdb->posts, ["pinged" => ""], ["ID" => $post->ID]);'
        ' add_post_meta($post->ID, "_pingme", "1"); }'
    )

    peer.runs("wp", "eval", again)
    peer.pings()

    wait_until(lambda: served.blog.store.waiting().jobs == 0, 120, served.said)
    assert verified(served.blog) == before
    assert len(served.blog.store.entries()) == len(before)
