"""Which addresses are of the same page, and which lead to a post of this blog."""

from __future__ import annotations

import pytest

from pingback_server.domain.addresses import OwnAddresses, same_page
from pingback_server.domain.posts import Post


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x/", "https://a.example/x"),
        ("https://a.example/x/", "http://a.example/x/"),
        ("https://a.example/x/", "https://www.a.example/x/"),
        ("https://a.example/x/", "https://A.Example./x/"),
        ("https://a.example/x/", "HTTPS://a.example:443/x/"),
        ("https://a.example/x/", "http://a.example:80/x/"),
        ("https://a.example/x/", "https://a.example/x/#comment-12"),
        ("https://a.example/x/", "https://a.example/x/index.html"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example/été", "https://a.example/%C3%A9t%C3%A9"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://localhost:8000/x/", "http://127.0.0.1:8000/x/"),
        ("http://localhost:8000/x/", "http://[::1]:8000/x/"),
        ("https://a.example/?p=1", "https://www.a.example/?p=1#top"),
    ],
)
def test_these_two_are_one_page(one: str, other: str) -> None:
    assert same_page(one, other)
    assert same_page(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x/", "https://a.example/y/"),
        ("https://a.example/x/", "https://b.example/x/"),
        ("https://a.example/x/", "https://a.example:8443/x/"),
        ("https://a.example/x/", "https://a.example/X/"),
        ("https://a.example/?p=1", "https://a.example/?p=2"),
        ("https://a.example/x/", "ftp://a.example/x/"),
        ("mailto:ada@a.example", "mailto:ada@a.example"),
        ("/x/", "/x/"),
        ("", ""),
        ("https://[", "https://["),
        ("https://a.example:x/", "https://a.example:x/"),
    ],
)
def test_these_two_are_not_one_page(one: str, other: str) -> None:
    assert not same_page(one, other)


def a_post(id: str, path: str, **more: object) -> Post:
    file = f"{path.strip('/')}/index.html"
    return Post(id, path, id, "en", comments=True, **{"file": file, **more})  # type: ignore[arg-type]


POSTS = (
    a_post("one", "/2026/11/22/one/", aliases=("/old/one.html", "/été/")),
    a_post("two", "/2026/11/22/two/", number=12),
    a_post("dix-sept", "/2026/11/22/été/"),
    a_post("by-number", "/?p=7", number=7, file="p/7/index.html"),
    a_post("usurper", "/usurper/", aliases=("/2026/11/22/one/",)),
)
HERE = "/2026/11/22/two/"


@pytest.mark.parametrize(
    ("href", "post"),
    [
        ("https://blog.example/2026/11/22/one/", "one"),
        ("http://www.blog.example/2026/11/22/one", "one"),
        ("/2026/11/22/one/#comment-3", "one"),
        ("/2026/11/22/one/?utm_source=feed", "one"),
        ("../one/", "one"),
        ("//blog.example/2026/11/22/one/index.html", "one"),
        ("/old/one.html", "one"),
        ("/%C3%A9t%C3%A9", "one"),
        ("/?p=12", "two"),
        ("https://blog.example?p=12", "two"),
        ("/2026/11/22/%C3%A9t%C3%A9/", "dix-sept"),
        ("/?p=007", "by-number"),
        ("/p/7/", "by-number"),
        ("#footnote", "two"),
        ("", "two"),
        ("/", None),
        ("/2026/11/22/", None),
        ("/?p=99", None),
        ("/somewhere/?p=12", None),
        ("https://other.example/2026/11/22/one/", None),
        ("https://blog.example:8443/2026/11/22/one/", None),
        ("https://blog.example.evil.example/2026/11/22/one/", None),
        ("mailto:one@blog.example", None),
        ("javascript:alert(1)", None),
        ("http://[", None),
    ],
)
def test_a_link_leads_to_a_post_by_any_of_its_addresses(href: str, post: str | None) -> None:
    assert OwnAddresses("https://blog.example", POSTS).post_at(href, HERE) == post


@pytest.mark.parametrize(
    ("href", "post"),
    [
        ("https://blog.example/blog/2026/11/22/one/", "one"),
        ("/blog/?p=12", "two"),
        ("/2026/11/22/one/", None),
        ("/blogs/2026/11/22/one/", None),
        ("/blog/", None),
    ],
)
def test_a_blog_below_a_path_has_only_what_is_below(href: str, post: str | None) -> None:
    assert OwnAddresses("https://blog.example/blog", POSTS).post_at(href) == post


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "127.3.2.1", "[::1]"])
def test_the_names_of_this_machine_are_one(name: str) -> None:
    own = OwnAddresses("http://localhost:8000", POSTS)

    assert own.post_at(f"http://{name}:8000/2026/11/22/one/") == "one"
    assert own.post_at(f"http://{name}:8001/2026/11/22/one/") is None
