"""What a page says of itself by microformats: replies and likes, from blogs and over bridges."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from source_reading import POST, SOURCE, read

from pingback_server.domain.discussion import Response
from pingback_server.domain.source_pages import SourcePage

LINK = f'<a href="{POST}">x</a>'
ON_MASTODON = "https://social.example/@me/115"
BRIDGE = "https://brid.gy/like/mastodon/@me@social.example/115/9"


def bridged(body: str, *, author: str = "Ann", at: str = "", title: str = "likes this.") -> str:
    """A page as Bridgy writes it of what happened to a post on Mastodon or Bluesky."""
    return f"""\
<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0;url={ON_MASTODON}">
<title>{title}</title>
<style type="text/css">.p-uid {{ display: none; }}</style>
</head>
<article class="h-entry">
  <span class="p-uid">tag:social.example,2013:115</span>
  {f'<time class="dt-published" datetime="{at}">{at}</time>' if at else ""}
  <span class="p-author h-card">
    <data class="p-uid" value="tag:social.example:ann"></data>
    <a class="p-name u-url" href="https://social.example/@ann">{author}</a>
    <a class="u-url" href="https://ann.example/"></a>
    <span class="p-nickname">ann</span>
    <img class="u-photo" src="https://social.example/ann.png" alt="" />
  </span>
{body}
</article>
</html>"""


def like(name: str = "like-of") -> str:
    return (
        f'<a class="p-name u-url" href="{ON_MASTODON}#by-9"></a><div class=""></div>'
        f'<a class="u-{name}" href="{POST}"></a><a class="u-{name}" href="{ON_MASTODON}"></a>'
    )


def reply(content: str) -> str:
    return (
        f'<a class="u-url" href="https://social.example/@ann/116"></a>'
        f'<div class="e-content p-name">{content}</div>'
        f'<a class="u-in-reply-to" href="{ON_MASTODON}"></a>'
        f'<a class="u-in-reply-to" href="{POST}"></a>'
    )


AUTHOR = '<div class="p-author h-card"><b class="p-name">A</b>%s</div>'


def entry(inner: str, url: str = SOURCE) -> str:
    return f'<div class="h-entry"><a class="u-url" href="{url}">#</a>{inner}</div>'


@pytest.mark.covers("MF-02")
@pytest.mark.parametrize(
    ("name", "response"),
    [
        ("like-of", Response.LIKE),
        ("repost-of", Response.REPOST),
        ("bookmark-of", Response.BOOKMARK),
    ],
)
def test_a_bridged_like_or_repost_is_shown_where_it_came_from(
    name: str, response: Response
) -> None:
    page = read(bridged(like(name)), url=BRIDGE)

    assert page.links
    assert page.response is response
    assert page.shown_url == f"{ON_MASTODON}#by-9"
    assert (page.author, page.author_url) == ("Ann", "https://social.example/@ann")
    assert page.content == ""


@pytest.mark.covers("MF-02", "MF-04", "MF-05")
def test_a_bridged_reply_brings_its_lines_its_emoji_and_its_date() -> None:
    content = (
        '<p><span class="h-card"><a href="https://social.example/@me" class="u-url mention">'
        "@<span>me</span></a></span> Merci 🎉<br>Et « bravo » !</p><p>À bientôt</p>"
    )

    page = read(
        bridged(
            reply(content),
            author='Ann <img alt=":blob:" src="b.png"> 👩‍🚀',
            at="2026-11-27T10:00:00+01:00",
        ),
        url="https://brid.gy/comment/mastodon/@me@social.example/115/116",
    )

    assert page.response is Response.REPLY
    assert page.content == "@me Merci 🎉\nEt « bravo » !\n\nÀ bientôt"
    assert page.author == "Ann :blob: 👩‍🚀"
    assert page.published == datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert page.shown_url == "https://social.example/@ann/116"


@pytest.mark.parametrize("host", ["fed.brid.gy", "bsky.brid.gy", "brid-gy.appspot.com"])
def test_other_bridges_are_known(host: str) -> None:
    page = read(bridged(reply("Yes")), url=f"https://{host}/convert/web/x")

    assert page.shown_url == "https://social.example/@ann/116"


@pytest.mark.parametrize("host", ["other.example", "notbrid.gy", "brid.gy.evil.example"])
def test_nobody_else_can_have_another_address_shown(host: str) -> None:
    page = read(bridged(reply("Yes")), url=f"https://{host}/x")

    assert page.shown_url == f"https://{host}/x"


def test_a_bridge_cannot_have_an_address_shown_that_is_none() -> None:
    body = (
        f'<a class="u-url" href="javascript:alert(1)"></a><a class="u-like-of" href="{POST}"></a>'
    )

    assert read(bridged(body), url=BRIDGE).shown_url == BRIDGE


@pytest.mark.covers("MF-07")
@pytest.mark.parametrize("emoji", ["👍", "❤️", "👍🏽", "👩‍🚀", "🇫🇷", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
def test_a_reply_of_one_emoji_is_a_reaction(emoji: str) -> None:
    page = read(bridged(reply(emoji)), url=BRIDGE)

    assert (page.response, page.content) == (Response.LIKE, emoji)


@pytest.mark.covers("MF-07")
@pytest.mark.parametrize("text", ["👍👍", "👍 yes", "+1", "ok", "1", "👍\u200d", ":)"])
def test_a_reply_of_more_is_a_reply(text: str) -> None:
    page = read(bridged(reply(text)), url=BRIDGE)

    assert page.response is Response.REPLY


@pytest.mark.covers("MF-02")
@pytest.mark.parametrize(
    ("inner", "response"),
    [
        (f'<a class="u-in-reply-to" href="{POST}">x</a>', Response.REPLY),
        (f'<a class="u-in-reply-to" href="{POST}#comment-5">x</a>', Response.REPLY),
        (
            f'<div class="u-in-reply-to h-cite"><a class="p-name u-url" href="{POST}">x</a></div>',
            Response.REPLY,
        ),
        (
            f'<div class="p-in-reply-to h-cite"><a class="u-url" href="{POST}">x</a></div>',
            Response.REPLY,
        ),
        (
            '<a class="u-like-of" href="https://a.example/">x</a>'
            f'<a class="u-like-of" href="{POST}">x</a>',
            Response.LIKE,
        ),
        (f'<a class="u-in-reply-to u-like-of" href="{POST}">x</a>', Response.LIKE),
        (f'<a class="u-like-of u-repost-of" href="{POST}">x</a>', Response.REPOST),
        (f'<a class="u-bookmark-of u-in-reply-to" href="{POST}">x</a>', Response.REPLY),
        (f'<div class="e-content"><a class="u-like-of" href="{POST}">x</a></div>', Response.LIKE),
        # Of another page, or by a name that means nothing here
        (f'<a class="u-like-of" href="https://a.example/">y</a>{LINK}', Response.MENTION),
        (f'<a class="u-in-reply-to" href="{POST}10">y</a>{LINK}', Response.MENTION),
        (f'<a class="u-follow-of" href="{POST}">x</a>', Response.MENTION),
        # An answer to an invitation
        (f'<a class="u-in-reply-to" href="{POST}">x</a><i class="p-rsvp">no</i>', Response.MENTION),
        (f'<a class="u-in-reply-to" href="{POST}">x</a><i class="p-rsvp">so</i>', Response.MENTION),
    ],
)  # fmt: skip
def test_the_response_is_what_the_entry_says_of_the_target(inner: str, response: Response) -> None:
    assert read(entry(inner)).response is response


def test_a_reply_says_which_comment_it_answers() -> None:
    page = read(entry(f'<p>See {LINK}</p><a class="u-in-reply-to" href="{POST}#comment-5">x</a>'))

    assert page.fragment == "comment-5"


def test_a_response_that_no_reader_can_see_is_none() -> None:
    page = read(entry(f'<data class="u-like-of" value="{POST}"></data>'))

    assert (page.links, page.response) == (False, Response.MENTION)


@pytest.mark.covers("MF-01")
def test_the_entry_is_the_one_with_the_address_of_the_page() -> None:
    others = entry(f'<a class="u-like-of" href="{POST}">x</a>', "https://other.example/notes/2")
    own = entry(f'<a class="u-repost-of" href="{POST}">x</a>')

    assert read(others + own).response is Response.REPOST
    assert read(f'<div class="h-feed">{others}{own}</div>').response is Response.REPOST


@pytest.mark.covers("MF-01")
def test_without_its_address_the_entry_is_the_first_of_the_top_and_none_of_a_feed() -> None:
    like = f'<div class="h-entry"><a class="u-like-of" href="{POST}">x</a></div>'
    repost = f'<div class="h-entry"><a class="u-repost-of" href="{POST}">x</a></div>'

    assert read(like + repost).response is Response.LIKE
    assert read(f'<div class="h-feed">{like}{repost}</div>').response is Response.MENTION
    assert read(f'<div class="h-feed">{like}</div>').response is Response.LIKE


@pytest.mark.covers("MF-01")
def test_what_an_entry_quotes_does_not_speak_for_it() -> None:
    quoted = (
        '<div class="h-cite"><a class="p-author h-card" href="https://q.example/">Quoted</a>'
        f'<a class="u-like-of" href="{POST}">x</a><p class="e-content">Theirs</p></div>'
    )

    page = read(entry(f'<p class="p-author">Ann</p><div class="e-content">Own {quoted}</div>'))

    assert (page.response, page.author) == (Response.MENTION, "Ann")


CARD = '<div class="h-card"><a class="p-name u-url" href="https://ann.example/">Ann</a></div>'


@pytest.mark.covers("MF-03", "MF-06")
@pytest.mark.parametrize(
    ("html", "author"),
    [
        (entry('<a class="p-author h-card" href="/ann">Ann</a>'), ("Ann", "https://other.example/ann")),
        (entry('<span class="p-author">Ann</span>'), ("Ann", "")),
        (entry('<a class="u-author" href="https://ann.example/"></a>') + CARD, ("Ann", "https://ann.example/")),
        (entry('<a class="u-author" href="https://bob.example/"></a>') + CARD, ("", "https://bob.example/")),
        (
            f'<div class="h-feed"><a class="p-author h-card" href="/ann">Ann</a>{entry("")}</div>',
            ("Ann", "https://other.example/ann"),
        ),
        (f'<link rel="author" href="https://ann.example/">{CARD}{entry("")}', ("Ann", "https://ann.example/")),
        (entry(f'{CARD}<p class="p-name">No author</p>'), ("", "")),
        ('<meta name="author" content="Ann">' + entry(""), ("Ann", "")),
        (
            entry(AUTHOR % '<a class="u-url" href="javascript:x"></a>'),
            ("A", ""),
        ),
        (
            entry(
                AUTHOR % '<a class="u-url" href="mailto:a@b.c"></a>'
                '<a class="u-url" href="https://a.example/"></a>'
            ),
            ("A", "https://a.example/"),
        ),
        (entry(AUTHOR % '<img class="u-photo" src="data:x" alt="">'), ("A", "")),
        # As WordPress has written it since before there was a second version
        (
            '<body class="hfeed"><article class="post hentry"><h1 class="entry-title">T</h1>'
            '<p class="author vcard"><a class="url fn n" href="/author/ann">Ann</a></p></article>',
            ("Ann", "https://other.example/author/ann"),
        ),
    ],
)  # fmt: skip
def test_the_author_is_whom_the_page_names(html: str, author: tuple[str, str]) -> None:
    page = read(html + LINK)

    assert (page.author, page.author_url) == author


@pytest.mark.covers("MF-05")
@pytest.mark.parametrize(
    ("said", "published"),
    [
        ("2026-11-01T10:00:00+01:00", datetime(2026, 11, 1, 9, tzinfo=UTC)),
        ("2026-11-01T10:00:00+0100", datetime(2026, 11, 1, 9, tzinfo=UTC)),
        ("2026-11-01 10:00:00Z", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("2026-11-01T10:00:00", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-13-45", None),
        ("99999-01-01", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2027-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00Z", None),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", None),
        ("yesterday", None),
    ],
)
def test_a_date_is_one_of_the_past_or_none(said: str, published: datetime | None) -> None:
    page = read(entry(f'<time class="dt-published" datetime="{said}">then</time>{LINK}'))

    assert page.published == published


@pytest.mark.covers("MF-05")
def test_a_page_without_microformats_can_say_its_date_too() -> None:
    page = read(f'<meta property="article:published_time" content="2026-11-01T10:00:00Z">{LINK}')

    assert page.published == datetime(2026, 11, 1, 10, tzinfo=UTC)


@pytest.mark.covers("MF-04")
@pytest.mark.parametrize(
    ("inner", "content"),
    [
        ('<p class="p-name">Name</p><p class="p-summary">Sum</p><p class="e-content">C</p>', "C"),
        ('<p class="p-summary">Sum</p><p class="p-name">Name</p>', "Sum"),
        ('<p class="p-name">Name</p>', "Name"),
        ('<div class="e-content"> </div><p class="p-summary">Sum</p>', "Sum"),
        (
            '<div class="e-content"><h2>H</h2><p>One <em>two</em>\n three</p>'
            "<ul><li>a</li><li>b</li></ul><pre>x\n  y</pre></div>",
            "H\n\nOne two three\n\na\nb\n\nx\n  y",
        ),
    ],
)  # fmt: skip
def test_the_text_of_a_reply_keeps_its_lines(inner: str, content: str) -> None:
    page = read(entry(f'<a class="u-in-reply-to" href="{POST}">x</a>{inner}'))

    assert page.content == content


@pytest.mark.covers("MF-09", "WM-R22")
def test_of_the_text_of_a_reply_nothing_but_text_is_left() -> None:
    content = (
        "<script>a</script><svg/onload=alert(1)><p>b</p></svg><img src=x onerror=alert(1)>"
        "<iframe>c</iframe><form><input value=d></form><style>e</style><object>f</object>"
        '<p class="h-card u-in-reply-to admin" id="moderate" style="top:0">words</p>'
        "&lt;b&gt; {{7*7}} {% raw %} --&gt; ]]&gt; \u202eturned \x00\x1b[2J"
    )

    page = read(
        entry(f'<a class="u-in-reply-to" href="{POST}">x</a><div class=e-content>{content}</div>')
    )

    assert page.content == "b\n\nwords\n\n<b> {{7*7}} {% raw %} --> ]]> turned [2J"


@pytest.mark.covers("WM-R24")
def test_a_text_is_cut_where_the_longest_comment_ends() -> None:
    long = f'<p class="e-content">{"word " * 90_000}</p>'

    page = read(entry(f'<a class="u-in-reply-to" href="{POST}">x</a>{long}'))

    assert len(page.content) <= 50_000
    assert page.content.endswith("word…")


@pytest.mark.parametrize(
    "html",
    [
        '<div class="h-entry">' * 500 + LINK,
        '<div class="h-entry">' + "<div>" * 5000 + LINK,
        f'<base href="http://[::1"><div class="h-entry">{LINK}</div>',
        f'<div class="h-entry"><a class="u-url" href="http://[::1">x</a>{LINK}</div>',
        f'<div class="h-entry"><p class="dt-published value-title"></p>{LINK}</div>',
        f'<div class="h- h-entry p-">\ue0001\ue001{LINK}</div>',
    ],
    ids=["deep", "deep below", "no base", "no address", "empty", "marks"],
)
def test_what_the_microformats_break_down_on_is_a_plain_mention(html: str) -> None:
    page = read(html)

    assert page.links
    assert page.response is Response.MENTION


@pytest.mark.covers("WM-R18", "WM-R19")
def test_a_page_read_anew_says_what_it_says_now() -> None:
    def said(name: str) -> SourcePage:
        return read(entry(f'<p class="p-author">{name}</p><p class="e-content">{name} {LINK}</p>'))

    assert said("Ann") != said("Bob")
    assert said("Bob").excerpt == "Bob x"
