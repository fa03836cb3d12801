"""The rules of the door: which check says what, in which order, and what comes of it."""

from __future__ import annotations

import sys
import unicodedata
from datetime import timedelta

import pytest

from pingback_server.domain.discussion import Kind, Status, Verdict, Whence
from pingback_server.domain.folding import folded
from pingback_server.domain.form import Fields
from pingback_server.domain.markup import safe_html
from pingback_server.domain.policy import CHECKS, SCORING, SUSPECT_FROM, judge, needs_preview
from pingback_server.domain.rules.case import Case, Crowd
from pingback_server.domain.rules.words import WordList
from pingback_server.domain.rulings import RulingKind, Rulings, about
from pingback_server.domain.settings import DiscussionSettings

OPEN = {"moderation": "suspects"}
LINK = "https://example.org/a"


def case(
    comment: str = "I agree with every word of it.",
    *,
    author: str = "Ada",
    email: str = "",
    url: str = "",
    settings: dict[str, object] | None = None,
    **known: object,
) -> Case:
    fields = Fields(author, email, url, comment, None)
    chosen = DiscussionSettings(**(OPEN if settings is None else settings))  # type: ignore[arg-type]
    return Case(fields, safe_html(comment), settings=chosen, **known)  # type: ignore[arg-type]


def rules(verdict: Verdict) -> list[str]:
    return [reason.rule for reason in verdict.reasons]


# Who waits


@pytest.mark.parametrize(
    ("moderation", "is_trusted", "status", "said"),
    [
        ("newcomers", False, Status.PENDING, ["newcomer"]),
        ("newcomers", True, Status.APPROVED, []),
        ("everything", False, Status.PENDING, ["everything"]),
        ("everything", True, Status.PENDING, ["everything"]),
        ("suspects", False, Status.APPROVED, []),
        ("suspects", True, Status.APPROVED, []),
    ],
)
def test_whose_comments_wait_is_the_authors_choice(
    moderation: str, is_trusted: bool, status: Status, said: list[str]
) -> None:
    verdict = judge(case(settings={"moderation": moderation}, is_trusted=is_trusted))

    assert (verdict.status, rules(verdict)) == (status, said)


def test_newcomers_wait_unless_the_author_says_otherwise() -> None:
    assert DiscussionSettings().moderation == "newcomers"


def test_a_message_is_never_published() -> None:
    verdict = judge(case(kind=Kind.MESSAGE))

    assert (verdict.status, rules(verdict)) == (Status.PENDING, ["letter"])


def test_a_name_and_an_address_typed_by_anybody_are_not_trusted() -> None:
    known = case(settings={}, author="Ada", email="ada@example.org")

    assert rules(judge(known)) == ["newcomer"]


# Links


@pytest.mark.parametrize(
    ("comment", "links"),
    [
        ("no link, but a.b and e.g. this", 0),
        (f"see {LINK} for more of what I have to say", 1),
        (f"see [this one]({LINK}) for more of what I say", 1),
        (f"see [{LINK}]({LINK}) for more of what I say here", 1),
        (f"see <{LINK}> and www.example.org for more words of mine", 2),
        (f"[one]({LINK}) [two]({LINK}) and HTTP://EXAMPLE.ORG with words", 3),
    ],
)
def test_links_are_counted_as_a_reader_counts_them(comment: str, links: int) -> None:
    for limit in (1, 2, 3):
        said = rules(judge(case(comment, settings={**OPEN, "hold_at_links": limit})))
        assert ("links" in said) is (links >= limit)


def test_a_link_counts_however_often_and_in_whatever_letters_markdown_has_it() -> None:
    often = "[a] and [a], [a]; words enough to be a text of some length\n\n[a]: https://x.example/"
    spelt = "[a](&#104;ttps://x.example/) [b](https:/\\/x.example) [c](https&#58;//x.example) words"

    for comment in (often, spelt):
        verdict = judge(case(f"To read: {comment}", settings={**OPEN, "hold_at_links": 3}))
        assert [one.words for one in verdict.reasons if one.rule == "links"] == ["It has 3 links."]


def test_a_bare_link_is_one_in_whatever_letters_markdown_has_it() -> None:
    assert rules(judge(case("[here](&#104;ttps://pills.example/cheap-and-good-pills)"))) == ["bare"]


def test_no_limit_counts_no_links_and_the_trusted_have_none() -> None:
    many = f"words enough to be a text of some length {LINK} {LINK} {LINK}"

    assert judge(case(many, settings={**OPEN, "hold_at_links": 0})).status is Status.APPROVED
    assert judge(case(many, is_trusted=True)).status is Status.APPROVED
    assert rules(judge(case(many))) == ["links"]


def test_the_website_of_the_writer_is_no_link_of_the_text() -> None:
    one = case(f"see {LINK} for more of what I have to say", url="https://ada.example/")

    assert judge(one).status is Status.APPROVED


@pytest.mark.parametrize(
    "comment",
    [
        "[url=https://pills.example/]pills[/url]",
        "[URL]https://pills.example/[/URL]",
        "[link=https://pills.example/]pills[/link]",
        'buy <a href="https://pills.example/">pills</a>',
    ],
)
def test_links_in_the_markup_of_other_systems_are_suspect(comment: str) -> None:
    verdict = judge(case(comment))

    assert verdict.status is Status.SPAM
    assert "markup" in rules(verdict)


def test_markup_that_is_talked_about_is_not_suspect() -> None:
    assert judge(case("Write `<a href=…>` and `[url]` as code, it works.")).reasons == ()


def test_a_link_with_hardly_a_word_is_held_and_says_so() -> None:
    verdict = judge(case(f"nice {LINK}"))

    assert (verdict.status, rules(verdict)) == (Status.PENDING, ["bare"])


# Words

LISTED = ("casino", "10.0.0.1", "make money", "Crédit facile", "赌博", "c-clamp")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The CASINO is open", ["casino"]),
        ("Càsínó", ["casino"]),
        ("ｃａｓｉｎｏ", ["casino"]),
        ("𝐂𝐀𝐒𝐈𝐍𝐎", ["casino"]),
        ("ℂ𝔸𝕊𝕀ℕ𝕆", ["casino"]),
        ("ca\u00adsi\u200bno", ["casino"]),
        ("casinos and occasino", []),
        ("from 10.0.0.1", ["10.0.0.1"]),
        ("from 10.0.0.11 and 110.0.0.1", []),
        ("Make,\nmoney fast", ["make money"]),
        ("make much money", []),
        ("credit FACILE !", ["Crédit facile"]),
        ("网上赌博网站", ["赌博"]),
        ("a c-clamp, a casino", ["c-clamp", "casino"]),
        ("", []),
    ],
)
def test_words_match_words_whatever_their_case_and_accents(text: str, found: list[str]) -> None:
    assert WordList(LISTED).found_in(text) == found


def test_no_letter_is_folded_into_one_that_folding_would_change_again() -> None:
    for letters in (chr(number) for number in range(sys.maxunicode + 1)):
        if unicodedata.category(letters) not in ("Cs", "Co", "Cn"):
            once = folded.__wrapped__(letters)
            assert folded.__wrapped__(once) == once == once.casefold(), letters


@pytest.mark.parametrize("field", ["author", "email", "url", "comment"])
def test_words_are_sought_in_every_field(field: str) -> None:
    typed = {
        "author": "Casino Royale",
        "email": "me@casino.example",
        "url": "https://casino.example/",
        "comment": "the best casino of all that I have seen",
    }
    one = case(**{field: typed[field]}, settings={**OPEN, "disallowed_words": ("casino",)})  # type: ignore[arg-type]

    verdict = judge(one)

    assert verdict.status is Status.SPAM
    assert verdict.reasons[0].words == "It has words not allowed here: “casino”."


def test_words_are_not_sought_in_the_address_on_the_network() -> None:
    listed = {**OPEN, "moderation_words": ("192.0.2.9",), "disallowed_words": ("192",)}

    assert rules(judge(case(settings=listed, whence=Whence("192.0.2.9")))) == []


def test_marks_inside_a_word_hide_nothing() -> None:
    one = case("the best ca**si**no", settings={**OPEN, "disallowed_words": ("casino",)})

    assert rules(judge(one)) == ["disallowed"]


def test_a_sign_that_is_spelt_is_the_sign_and_no_word() -> None:
    settings = {**OPEN, "disallowed_words": ("buy now",), "moderation_words": ("amp",)}

    hidden = judge(case("Do not miss it, and buy&nbsp;now what you like.", settings=settings))
    harmless = judge(case("I saw Tom & Jerry with Ada on Sunday.", settings=settings))
    link_among_signs = judge(case("https://pills.example/ && && && && && && && &&"))

    assert rules(hidden) == ["disallowed"]
    assert rules(harmless) == []
    assert rules(link_among_signs) == ["bare"]


def test_words_to_be_seen_hold_and_also_those_of_the_trusted() -> None:
    settings = {**OPEN, "moderation_words": ("politics",)}

    verdict = judge(case("Let us talk politics.", settings=settings, is_trusted=True))

    assert (verdict.status, rules(verdict)) == (Status.PENDING, ["words"])


def test_looking_for_a_thousand_words_is_one_pass_over_the_text() -> None:
    listed = WordList(f"word{number} and more" for number in range(5000))

    assert listed.found_in("word7 and more " * 700) == ["word7 and more"]


# Who is blocked


@pytest.mark.parametrize(
    "comment",
    [
        "[here](https://sp&#97;m.example/) is a text of some length",
        r"[here](https:/\/spam.example/) is a text of some length",
        "[here]\n\n[here]: <https:&#x2f;&#x2f;spam.example>",
        "look at www.spam.example when you find the time for it",
        "a text about sp**a**mming by s&#112;amming people",
        "a text about spamming  with\tspaces, \u00a0 spamming people",
        "a text of some length with&nbsp;spaces",
        "[here](https://x.example/?a=1&b=2) is a text of some length",
        "[here](https://x.example/sp&#97;mming-spamming) is a text of some length",
        "[our support](mailto:pills@spam.example) is a text of some length",
        "[our support](MAILTO:a@b.example,c%40www.spam.example?subject=x) is a text",
        "<pills@spam.example> is a text of some length",
        "[this](http://[2001:DB8:0::1]/a) is a text of some length",
    ],
)
def test_no_way_of_writing_gets_past_the_block_list(comment: str) -> None:
    rulings = Rulings(
        [
            about(RulingKind.DOMAIN, "spam.example"),
            about(RulingKind.DOMAIN, "http://[2001:db8::1]/"),
            about(RulingKind.PATTERN, "spamming*spamming"),
            about(RulingKind.PATTERN, "with spaces"),
            about(RulingKind.PATTERN, "x.example/?a=1&b"),
        ]
    )

    assert "blocked" in rules(judge(case(comment, rulings=rulings)))


def test_a_pattern_is_sought_in_the_website_too() -> None:
    rulings = Rulings([about(RulingKind.PATTERN, "*casino*")])

    assert rules(judge(case(url="https://best-casino.example/", rulings=rulings))) == ["blocked"]


def test_a_link_that_writes_a_letter_counts_as_one() -> None:
    two = case(
        "Write to [us](mailto:a@b.example) or [them](mailto:c@d.example), whatever you like best"
    )

    assert rules(judge(two)) == ["links"]


def test_a_disallowed_word_in_an_address_is_found_however_it_is_written() -> None:
    one = case(
        "[here](https://c&#97;sino.example/) are some words",
        settings={**OPEN, "disallowed_words": ("casino",)},
    )

    assert "disallowed" in rules(judge(one))


@pytest.mark.parametrize(
    ("kind", "value", "known", "words"),
    [
        (RulingKind.DOMAIN, "spam.example", {"url": "https://www.spam.example/"}, "spam.example"),
        (RulingKind.DOMAIN, "spam.example", {"comment": "at https://spam.example"}, "spam.example"),
        (RulingKind.EMAIL, "@spam.example", {"email": "a@spam.example"}, "e-mail"),
        (RulingKind.NETWORK, "192.0.2.0/24", {"whence": Whence("192.0.2.9")}, "network"),
        (RulingKind.BROWSER, "a" * 64, {"whence": Whence(browser="a" * 64)}, "browser"),
        (RulingKind.PATTERN, "cheap*pills", {"comment": "cheap blue pills"}, "cheap*pills"),
    ],
)
def test_what_is_blocked_is_suspect_and_the_words_name_it(
    kind: RulingKind, value: str, known: dict[str, object], words: str
) -> None:
    verdict = judge(case(rulings=Rulings([about(kind, value)]), **known))  # type: ignore[arg-type]

    assert verdict.status is Status.SPAM
    assert [reason.rule for reason in verdict.reasons if words in reason.words] == ["blocked"]


def test_no_reason_says_the_address_which_is_kept_for_a_time_alone() -> None:
    ruled = Rulings([about(RulingKind.NETWORK, "192.0.2.9")])

    (reason,) = judge(case(whence=Whence("192.0.2.9"), rulings=ruled)).reasons

    assert "192.0.2" not in reason.words


def test_nothing_is_keyed_on_an_address_that_was_not_given() -> None:
    ruled = Rulings([about(RulingKind.EMAIL, "@spam.example")])

    assert judge(case(email="", rulings=ruled)).reasons == ()


# When


def test_a_link_below_an_old_post_says_a_little() -> None:
    old = timedelta(days=400)
    text = f"see {LINK} for more of what I have to say"

    assert rules(judge(case(text, age=old))) == ["old-post"]
    assert judge(case("no link in it", age=old)).reasons == ()
    assert judge(case(text, age=timedelta(days=364))).reasons == ()
    assert judge(case(text, age=None)).reasons == ()
    assert judge(case(text, age=old, settings={**OPEN, "old_post_days": 0})).reasons == ()


def test_in_a_crowd_all_wait_but_the_trusted() -> None:
    assert rules(judge(case(crowd=Crowd(post=61)))) == ["busy-post"]
    assert rules(judge(case(crowd=Crowd(post=60, blog=201)))) == ["busy-blog"]
    assert judge(case(crowd=Crowd(post=60, blog=200))).reasons == ()
    assert judge(case(crowd=Crowd(post=61), is_trusted=True)).reasons == ()
    assert (
        judge(case(crowd=Crowd(post=61), settings={**OPEN, "comments_per_post": 0})).reasons == ()
    )


def test_what_comes_after_closing_waits() -> None:
    assert rules(judge(case(is_late=True, is_trusted=True))) == ["late"]


# The verdict


def test_every_rule_that_spoke_is_listed_in_the_documented_order() -> None:
    everything_wrong = case(
        f"[url={LINK}]casino[/url] politics {LINK} https://spam.example",
        settings={"disallowed_words": ("casino",), "moderation_words": ("politics",)},
        trap="filled in",
        rulings=Rulings([about(RulingKind.DOMAIN, "spam.example")]),
        is_late=True,
        age=timedelta(days=999),
        crowd=Crowd(post=100),
        waited=timedelta(0),
    )

    assert rules(judge(everything_wrong)) == [
        *("newcomer", "late", "trap", "blocked", "disallowed", "words", "links", "markup", "bare"),
        *("old-post", "busy-post", "preview", "quick"),
    ]


def test_a_verdict_is_the_sum_of_what_was_said() -> None:
    two_links = case(f"{LINK} and {LINK}")

    verdict = judge(two_links)

    assert [(one.rule, one.score) for one in verdict.reasons] == [("links", 1.0), ("bare", 1.5)]
    assert verdict.score == 2.5 < SUSPECT_FROM
    assert judge(case(f"{LINK} {LINK} {LINK}")).score >= SUSPECT_FROM


def test_every_check_says_its_own_name_and_every_score_has_a_rule_that_is_counted() -> None:
    names = [name for name, _ in CHECKS]

    assert len(set(names)) == len(names)
    assert {"trap", "blocked", "disallowed", "links", "markup", "bare", "quick"} <= SCORING


# Who sees a preview


@pytest.mark.parametrize(
    ("preview", "suspect", "newcomer", "known"),
    [("suspects", True, False, False), ("newcomers", True, True, False), ("never",) + (False,) * 3],
)
@pytest.mark.parametrize("moderation", ["newcomers", "everything", "suspects"])
def test_who_looks_again_is_the_authors_choice(
    moderation: str, preview: str, suspect: bool, newcomer: bool, known: bool
) -> None:
    settings = {"preview": preview, "moderation": moderation}
    cases = [
        case("[url=https://pills.example/]pills[/url]", settings=settings),
        case(settings=settings),
        case(settings=settings, is_trusted=True),
    ]

    assert [needs_preview(one, judge(one)) for one in cases] == [suspect, newcomer, known]


@pytest.mark.parametrize(
    "known",
    [
        {"trap": "filled in"},
        {"trap": None},
        {"rulings": Rulings([about(RulingKind.PATTERN, "pills")])},
        {"settings": {"disallowed_words": ("pills",)}},
        {"kind": Kind.MESSAGE},
    ],
)
def test_who_is_beyond_doubt_sees_none_and_is_kept_as_a_suspect(known: dict[str, object]) -> None:
    one = case("[url=https://pills.example/]pills[/url]", **known)  # type: ignore[arg-type]

    verdict = judge(one)

    assert verdict.status is Status.SPAM
    assert not needs_preview(one, verdict)


def test_what_was_confirmed_is_held_with_its_reasons() -> None:
    seen = case("[url=https://pills.example/]pills[/url]", waited=timedelta(seconds=10))

    verdict = judge(seen)

    assert verdict.status is Status.PENDING
    assert rules(verdict) == ["markup", "bare", "preview"]
    assert not needs_preview(seen, verdict)


@pytest.mark.parametrize(
    ("length", "seconds", "is_quick"),
    [(10, 0.9, True), (10, 1.1, False), (400, 2.9, True), (400, 3.1, False), (9000, 5.1, False)],
)
def test_how_fast_is_too_fast_depends_on_the_length(
    length: int, seconds: float, is_quick: bool
) -> None:
    verdict = judge(case("a" * length, waited=timedelta(seconds=seconds)))

    assert ("quick" in rules(verdict)) is is_quick
    assert verdict.status is Status.PENDING


# A hostile text


@pytest.mark.parametrize(
    "text",
    ["[url=" * 2000, "[a](" * 2500, "<a " * 3300, "`" * 10_000, "www." * 2500, "https://" * 1250],
)
def test_every_pattern_of_the_rules_reads_a_text_in_one_pass(text: str) -> None:
    """Not a timing: what a pattern may look ahead is bounded, so this returns at all."""
    settings = {**OPEN, "disallowed_words": ("casino", "make money")}

    judge(case(text, settings=settings, rulings=Rulings([about(RulingKind.PATTERN, "x*y*zz")])))
