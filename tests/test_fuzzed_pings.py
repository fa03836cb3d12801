"""Whatever bytes come, from a sender or from a source: an answer or a named refusal, never more."""

from __future__ import annotations

import encodings
import json
import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ping_actors import HELLO, SOURCE, Stranger, a_call
from source_reading import NOW, POST, read

from pingback_server.domain.errors import BadCall, Invalid, PageUnreadable
from pingback_server.protocols.discovery import discovery_headers
from pingback_server.protocols.source_page import Errand, read_page
from pingback_server.protocols.trackback import read_fields
from pingback_server.protocols.xmlrpc import read_call

FORM = "application/x-www-form-urlencoded"
# The same service answers all examples of a test; each of them is one request.
fuzzed = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

CHARSETS = st.sampled_from(
    ["", "utf-8", "utf-16", "utf-7", "idna", "punycode", "unicode_escape", "hex", "undefined"]
) | st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
PARAMETERS = st.sampled_from(
    ["charset", "charset*", "charset*0", "charset*1", f"charset*{'9' * 5000}", "boundary", ""]
)
CONTENT_TYPES = st.builds(
    lambda kind, named: "; ".join([kind, *(f"{name}={value}" for name, value in named)]),
    st.sampled_from([FORM, "text/xml", "multipart/form-data", "", "a/b"]),
    st.lists(st.tuples(PARAMETERS, CHARSETS), max_size=4),
)
PIECES = st.sampled_from(
    [
        *(b"<methodCall>", b"</methodCall>", b"<methodName>", b"pingback.ping", b"</methodName>"),
        *(b"<params>", b"<param>", b"<value>", b"<string>", b"</string>", b"</value>", b"</param>"),
        *(b"<?xml version='1.0' encoding='", b"utf-16", b"idna", b"'?>", b"<![CDATA[", b"]]>"),
        *(b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"&#0;", b"&#xd800;", b"\xff\xfe", b"\x00"),
        *(SOURCE.encode(), HELLO.encode(), b"http://10.0.0.1/", b"\xed\xa0\x80"),
    ]
)
CALLS = st.binary(max_size=200) | st.lists(PIECES | st.binary(max_size=3), max_size=30).map(
    b"".join
)
ADDRESSES = st.sampled_from([HELLO, SOURCE, f"{HELLO}#comment-999999999999"]) | st.builds(
    str.__add__, st.sampled_from(["", "http://", "http://[", f"{HELLO}?", "//"]), st.text()
)
HTML = st.sampled_from(
    [
        *("<a href=", POST, ">", "</a>", "<base href=", "<title>", "<main>", "<p class=h-entry>"),
        *("<div class='h-entry h-cite p-author u-in-reply-to e-content dt-published'>", "</div>"),
        *("<time class=dt-published datetime=", "99999-99-99", "<![CDATA[", "<!--", "<svg>"),
        *("<meta charset=", "utf-16", "hex", "<template>", "<plaintext>", "\0", "&#xd800;"),
        *("<data value='", "'", '"', "<table><td>", "<select><option>", "http://[::1", "//"),
    ]
)
PAGES = st.binary(max_size=300) | st.lists(HTML | st.text(max_size=5), max_size=40).map(
    lambda parts: "".join(parts).encode("utf-8", "replace")
)


@fuzzed
@given(body=CALLS, charset=CHARSETS)
@example(b"a" * 30_000 + b"-" + b"zz9" * 10_000, "punycode")
@example(b"\\u0061\\d", "unicode_escape")
@example(b"<?xml version='1.0' encoding='undefined'?><a/>", "")
def test_a_call_is_read_or_refused(body: bytes, charset: str) -> None:
    with suppress(BadCall):
        assert read_call(body, charset).method is not None


@fuzzed
@given(body=CALLS, content_type=CONTENT_TYPES)
def test_the_door_of_pingbacks_always_answers_in_xml_rpc(
    stranger: Stranger, body: bytes, content_type: str
) -> None:
    answer = stranger.calls(body, content_type=content_type)

    assert answer.status_code == 200
    assert b"<methodResponse>" in answer.data


@fuzzed
@given(source=ADDRESSES, target=ADDRESSES)
@example("http://\ud800/", "\x00")
def test_the_addresses_of_a_pingback_are_taken_or_refused(
    stranger: Stranger, source: str, target: str
) -> None:
    named = (text.encode("utf-8", "replace").decode() for text in (source, target))

    answer = stranger.calls(a_call(*named))

    assert answer.status_code == 200
    assert b"<methodResponse>" in answer.data


@fuzzed
@given(body=st.binary(max_size=200), content_type=CONTENT_TYPES)
@example(b"url=u", f'{FORM}; charset*="a"; charset*1="b"')
@example(b"url=u", f"{FORM}; charset*{'9' * 5000}=x")
@example(b"url=u&charset=unicode_escape&title=%5Cd", FORM)
def test_the_fields_of_a_trackback_are_read_or_refused(body: bytes, content_type: str) -> None:
    with suppress(Invalid):
        fields = read_fields(body, content_type)
        assert json.loads(json.dumps(fields)) == fields
        assert "\0" not in "".join(fields.values())


@fuzzed
@given(
    fields=st.dictionaries(
        st.sampled_from(["url", "title", "excerpt", "blog_name", "charset", "x"]), ADDRESSES
    ),
    content_type=CONTENT_TYPES,
)
def test_the_door_of_trackbacks_always_answers_in_its_xml(
    stranger: Stranger, fields: dict[str, str], content_type: str
) -> None:
    body = "&".join(f"{name}={value}" for name, value in fields.items())

    answer = stranger.reader.posts(
        "/-/trackback/7", data=body.encode("utf-8", "replace"), content_type=content_type
    )

    assert answer.status_code == 200
    assert b"<response>" in answer.data


@fuzzed
@given(source=ADDRESSES, target=ADDRESSES, content_type=st.none() | CONTENT_TYPES)
def test_the_door_of_webmentions_takes_or_refuses(
    stranger: Stranger, source: str, target: str, content_type: str | None
) -> None:
    body = f"source={source}&target={target}".encode("utf-8", "replace")

    answer = stranger.reader.posts("/-/webmention", data=body, content_type=content_type or FORM)

    assert answer.status_code in (201, 400, 429)


@fuzzed
@given(page=PAGES, content_type=CONTENT_TYPES | st.just("text/html"))
def test_a_source_is_read_or_unreadable(page: bytes, content_type: str) -> None:
    with suppress(PageUnreadable):
        found = read_page(page, Errand(SOURCE, POST, content_type, NOW))
        said = (found.title, found.excerpt, found.author, found.content, found.shown_url)
        assert "".join(said).encode().count(b"\0") == 0


@fuzzed
@given(words=st.text(max_size=200))
def test_a_link_is_found_whatever_stands_before_and_behind_it_in_a_paragraph(words: str) -> None:
    safe = words.replace("<", "&lt;")

    assert read(f'<p>{safe}<a href="{POST}">here</a>{safe}</p>').links


@given(path=st.from_regex(r"(/[a-z0-9~._-]{1,8}){0,3}", fullmatch=True))
def test_the_headers_name_both_endpoints_wherever_the_blog_is(path: str) -> None:
    url = f"https://blog.example{path}"

    assert discovery_headers(url) == {
        "Link": f'<{url}/-/webmention>; rel="webmention"',
        "X-Pingback": f"{url}/-/pingback",
    }


def test_names_of_encodings_that_nobody_knows_are_not_remembered(stranger: Stranger) -> None:
    kept = encodings._cache
    before = len(kept)

    for number in range(20):
        stranger.calls(b"<a/>", content_type=f"text/xml; charset=nowhere{number}")
        stranger.calls(f"<?xml version='1.0' encoding='never{number}'?><a/>".encode())
        read_fields(f"url=u&charset=nobody{number}".encode(), FORM)

    assert len(kept) - before < 20


@pytest.mark.parametrize("name", ["punycode", "idna", "utf-7", "unicode_escape"])
def test_no_name_of_letters_costs_a_second(name: str) -> None:
    began = time.process_time()

    with pytest.raises(BadCall):
        read_call(b"a" * 30_000 + b"-" + b"zz9" * 10_000, name)

    assert time.process_time() - began < 1
