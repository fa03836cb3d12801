"""Embeds: a post loads nothing from elsewhere, unless the author allows the host by its name."""

from __future__ import annotations

import re

import pytest
from actors import BlogFolder, Clock, visit

from pingback_server.domain.errors import BadSetting, BuildFailed

PLAYER = '<iframe src="https://www.youtube.com/embed/abc-123?rel=0" title="A talk"></iframe>'


def published(blog: BlogFolder, text: str) -> tuple[str, str]:
    """The page that `text` becomes, and the warnings of its build."""
    blog.write_post("embedding", "Embedding", text)
    built = blog.build()
    body = re.search(r'<div class="e-content">(.*?)\n  </div>', blog.page("embedding"), re.DOTALL)
    assert body
    return body[1].strip(), "\n".join(built.warnings)


def test_a_player_becomes_a_link_to_the_page_of_its_film(blog: BlogFolder) -> None:
    body, _ = published(blog, PLAYER)

    assert "<iframe" not in body
    assert '<a href="https://www.youtube.com/watch?v=abc-123">A talk</a>' in body
    assert "<small>youtube.com</small>" in body


def test_the_author_is_told_with_file_line_and_what_to_do(blog: BlogFolder) -> None:
    _, told = published(blog, f"First.\n\n{PLAYER}")

    lines = (blog.folder / "content/embedding.md").read_text("utf-8").splitlines()
    at = 1 + lines.index(PLAYER)
    assert f"content/embedding.md:{at}: <iframe> of www.youtube.com becomes a link" in told
    assert 'add "www.youtube.com" to EMBEDS_ALLOWED' in told


STRANGERS = (
    '<iframe src="//player.example.org/1"></iframe>',
    '<video src="https://films.example.org/1.mp4" controls></video>',
    '<video controls><source src="https://films.example.org/1.mp4"></video>',
    '<audio src="https://sounds.example.org/1.mp3"></audio>',
    '<object data="https://old.example.org/1.swf"></object>',
    '<embed src="https://old.example.org/1.swf">',
    "![A view](https://pictures.example.org/1.jpg)",
    '<img srcset="https://pictures.example.org/1.jpg 2x" src="/images/x.png" alt="A view">',
)


def test_nothing_of_another_host_is_loaded(blog: BlogFolder) -> None:
    body, told = published(blog, "\n\n".join(STRANGERS))

    assert not re.search(r"<(iframe|video|audio|object|embed|img|source)\b", body)
    assert body.count('class="link-card"') == len(STRANGERS)
    assert told.count(".example.org becomes a link") == len(STRANGERS)


def test_nor_a_source_of_a_picture_whose_host_is_written_oddly(blog: BlogFolder) -> None:
    picture = (
        '<picture><source srcset="https://pictures.example.org/1.webp" type="image/webp">'
        '<source srcset="/images/a.webp"><img src="/images/a.png" alt="Ours"></picture>'
    )
    body, told = published(blog, f'{picture}\n\n<img src="/\\odd.example.org/1.png" alt="Odd">')

    assert "pictures.example.org" not in body
    assert '<source srcset="/images/a.webp"><img src="/images/a.png"' in body
    assert body.count("<img") == 1
    assert "<source> of pictures.example.org is left out" in told
    assert "<img> of odd.example.org becomes a link" in told


def test_a_linked_picture_leaves_its_link_and_a_misprint_stops_nothing(blog: BlogFolder) -> None:
    badge = "[![build](https://ci.example.org/b.svg)](https://ci.example.org/project)"
    body, told = published(blog, f'{badge}\n\n<img src="http://[bad/x.png" alt="Lost">')

    assert '<a href="https://ci.example.org/project">build</a>' in body
    assert told.count("becomes a link") == 1


def test_scripts_are_left_out_and_the_author_is_told(blog: BlogFolder) -> None:
    scripts = '<script src="https://x.example.org/w.js"></script>\n\n<script>alert(1)</script>'
    body, told = published(blog, f"<blockquote>Said.</blockquote>\n\n{scripts}")

    assert "script" not in body
    assert "alert" not in body
    assert told.count("pages of this blog run no script") == 2


def test_what_is_shown_as_code_stays(blog: BlogFolder) -> None:
    body, told = published(blog, f"    {PLAYER}")

    assert "&lt;iframe" in re.sub(r"</?span[^>]*>", "", body)
    assert told == ""


def test_what_lies_in_the_blog_itself_stays(blog: BlogFolder) -> None:
    own = '<video src="http://localhost:8000/images/own.mp4" controls></video>'
    body, told = published(blog, own)
    policy = visit(blog, Clock()).opens("/").headers["Content-Security-Policy"]

    assert own in body
    assert told == ""
    assert "; media-src 'self';" in policy


def test_a_host_that_is_allowed_is_shown_and_the_service_lets_it(blog: BlogFolder) -> None:
    blog.configure("EMBEDS_ALLOWED = ['www.youtube.com']")
    body, told = published(blog, PLAYER)
    policy = visit(blog, Clock()).opens("/").headers["Content-Security-Policy"]

    assert PLAYER in body
    assert told == ""
    assert policy.endswith("; frame-src www.youtube.com")
    assert "; img-src 'self' data: www.youtube.com;" in policy
    assert "; media-src 'self' www.youtube.com;" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("given", ["'www.youtube.com'", "['https://www.youtube.com/']", "[1]"])
def test_a_list_that_holds_no_hosts_is_refused(blog: BlogFolder, given: str) -> None:
    blog.configure(f"EMBEDS_ALLOWED = {given}")

    with pytest.raises((BuildFailed, BadSetting), match="EMBEDS_ALLOWED has to be a list of hosts"):
        blog.build()
