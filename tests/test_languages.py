"""French and English are both complete, and each says things the way its readers write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import messages
import pytest
from babel.messages.catalog import Catalog, Message

from pingback_server.languages import Words, languages, words

NBSP = "\u00a0"
PARIS = ZoneInfo("Europe/Paris")
CATALOGUES = sorted(messages.CATALOGUES.glob("*/LC_MESSAGES/permalien.po"))
PLACES = re.compile(r"%\(\w+\)s")


@pytest.fixture
def french() -> Words:
    return words("fr", PARIS)


@pytest.fixture
def english() -> Words:
    return words("en", PARIS)


@pytest.fixture(params=CATALOGUES, ids=lambda po: po.parts[-3])
def po(request: pytest.FixtureRequest) -> Path:
    return request.param


def _translated(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def test_french_has_a_catalogue() -> None:
    assert languages() == {"fr"}


def test_a_catalogue_holds_exactly_the_messages_of_templates_and_code(po: Path) -> None:
    held = {message.id for message in _translated(messages.read(po))}

    assert held == set(messages.messages())


def test_every_message_is_translated(po: Path) -> None:
    catalogue = messages.read(po)

    assert [m.id for m in _translated(catalogue) if not all(_forms(m.string))] == []
    assert [m.id for m in catalogue if m.id and m.fuzzy] == []


def test_every_form_of_a_plural_is_there(po: Path) -> None:
    catalogue = messages.read(po)

    plurals = [message for message in catalogue if message.pluralizable]
    assert plurals
    assert [m.id for m in plurals if len(m.string) != catalogue.num_plurals] == []


def test_translations_keep_the_places_of_their_messages(po: Path) -> None:
    for message in _translated(messages.read(po)):
        wanted = set(PLACES.findall(_forms(message.id)[-1]))
        for form in _forms(message.string):
            # «Une réflexion» may leave the number out, never the title.
            assert set(PLACES.findall(form)) | {"%(n)s"} == wanted | {"%(n)s"}, message.id


def test_the_compiled_catalogue_is_the_one_that_people_read(po: Path) -> None:
    assert po.with_suffix(".mo").read_bytes() == messages.compiled(messages.read(po))


def test_french_has_no_break_spaces_where_its_typography_wants_them() -> None:
    po = messages.CATALOGUES / "fr/LC_MESSAGES/permalien.po"
    for message in _translated(messages.read(po)):
        for form in _forms(message.string):
            prose = re.sub(r"https?://\S*", "", form)
            assert not re.search(f"(?<!{NBSP})[:;!?»]", prose), form
            assert not re.search(f"«(?!{NBSP})", prose), form
            assert "'" not in prose, form


def test_the_extraction_finds_each_way_of_saying_something() -> None:
    template = '{{ t("a") }}{{ t.n("b", "c", 2) }}{% for x in t.parts("d") %}{% endfor %}'
    module = 'print(t("a"), t.n("b", "c", 2), t.parts("d"), later("e"), t(name), x.n("f", "g"))'

    assert [found for found, _ in messages.in_template(template)] == ["a", ("b", "c"), "d"]
    assert {found for found, _ in messages.in_python(module)} == {"a", ("b", "c"), "d", "e"}


def test_a_computed_message_in_a_template_is_refused() -> None:
    with pytest.raises(messages.NotAMessage, match=r"page\.html:1"):
        list(messages.in_template("{{ t(title) }}", "page.html"))


@pytest.mark.parametrize(
    ("number", "heading"),
    [
        (1, f"Une réflexion au sujet de «{NBSP}Titre{NBSP}»"),
        (2, f"2 réflexions au sujet de «{NBSP}Titre{NBSP}»"),
    ],
)
def test_a_french_heading_counts_its_reflections(french: Words, number: int, heading: str) -> None:
    one, many = "One thought on “%(title)s”", "%(n)s thoughts on “%(title)s”"

    assert french.n(one, many, number, title="Titre") == heading


def test_zero_is_singular_in_french_and_plural_in_english(french: Words, english: Words) -> None:
    assert french.n("One thought", "%(n)s thoughts", 0) == "Une réflexion"
    assert english.n("One thought", "%(n)s thoughts", 0) == "0 thoughts"


def test_a_date_is_the_day_in_the_blog_s_time_zone(french: Words, english: Words) -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)

    assert (french.date(late), french.time(late)) == ("22 novembre 2026", "00:30")
    assert (english.date(late), english.time(late)) == ("22 November 2026", "00:30")


def test_the_first_of_a_month_is_an_ordinal_in_french(french: Words, english: Words) -> None:
    first = datetime(2026, 8, 1, 12, tzinfo=UTC)

    assert french.date(first) == "1er août 2026"
    assert english.date(first) == "1 August 2026"


def test_a_moment_without_time_zone_is_refused(french: Words) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        french.date(datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("tag", "lang"), [("fr-CA", "fr"), ("FR_fr", "fr"), ("de", "en"), ("../fr", "en")]
)
def test_the_first_part_of_a_language_tag_decides(tag: str, lang: str) -> None:
    assert words(tag, PARIS).lang == lang


def test_values_stay_plain_text_for_the_template_to_escape(french: Words) -> None:
    said = french("to %(name)s", name="<b>Zoé</b>")

    assert said == "à <b>Zoé</b>"
    assert type(said) is str


def test_a_percent_sign_is_an_ordinary_sign_in_a_message_without_values(english: Words) -> None:
    assert english("100 % yours") == "100 % yours"


def test_a_sentence_with_links_comes_in_parts_in_the_order_of_its_language(french: Words) -> None:
    parts = french.parts("Tags: %(tags)s")

    assert parts == [(f"Étiquettes{NBSP}: ", "tags")]
    assert french.parts("%(name)s says:") == [("", "name"), (f" a dit{NBSP}:", None)]


# Numbers, and the order of names


@pytest.mark.parametrize(
    ("number", "in_french", "in_english"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (10_000, f"10{NBSP}000", "10,000"),
        (1_234_567, f"1{NBSP}234{NBSP}567", "1,234,567"),
    ],
)
def test_thousands_stand_apart(
    french: Words, english: Words, number: int, in_french: str, in_english: str
) -> None:
    assert french.number(number) == in_french
    assert english.number(number) == in_english


def test_names_stand_in_the_order_of_a_dictionary(french: Words) -> None:
    names = ["zèbre", "écrire", "Eau", "Permalien", "été", "étage", "cœur", "pingback", "eau"]
    pairs = [(SimpleNamespace(name=name), []) for name in names]

    ordered = [term.name for term, _ in french.alphabetical(pairs)]

    assert ordered == [
        *("cœur", "Eau", "eau", "écrire", "étage", "été", "Permalien", "pingback", "zèbre")
    ]
