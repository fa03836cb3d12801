"""Why something is held is said at the desk in the author's language."""

from __future__ import annotations

from itertools import chain
from zoneinfo import ZoneInfo

import pytest

from pingback_server import languages
from pingback_server.domain import shown_pings
from pingback_server.domain.discussion import Reason
from pingback_server.domain.policy import SCORING
from pingback_server.domain.rules import senders, times
from pingback_server.web.desk.reasons import name_of, told

FRENCH = languages.words("fr", ZoneInfo("Europe/Paris"))
ENGLISH = languages.words("en", ZoneInfo("Europe/Paris"))
SPOKEN = [
    value
    for value in chain.from_iterable(vars(one).values() for one in (senders, times, shown_pings))
    if isinstance(value, Reason)
]
FILLED_IN = {
    "It has 1 link.": "Il a 1 lien.",
    "It has 3 links.": "Il a 3 liens.",
    "It has words not allowed here: cheap, buy.": "Il a des mots interdits ici\xa0: cheap, buy.",
    "It has words that wait for the author: vote.": (
        "Il a des mots que l’auteur veut voir d’abord\xa0: vote."
    ),
    "It is nearly the same as number 7, which was marked as spam.": (
        "Il est presque identique au numéro 7, marqué indésirable."
    ),
    "It leads to a blocked domain: spam.example.": "Il mène à un domaine bloqué\xa0: spam.example.",
    "It leaves a link below a post of 400 days ago.": (
        "Il laisse un lien sous un article vieux de 400 jours."
    ),
    "Nearly the same came 3 times before, first as number 7.": (
        "Presque le même est déjà arrivé 3 fois, d’abord sous le numéro 7."
    ),
    "The network it comes from is blocked.": "Le réseau dont il vient est bloqué.",
    "A blocked pattern stands in it: cheap*.": "Un motif bloqué s’y trouve\xa0: cheap*.",
    "Words like these stood in spam before: 100%, (now).": (
        "Des mots comme ceux-ci se trouvaient dans des indésirables\xa0: 100%, (now)."
    ),
    "Words like these stood in honest comments before: thanks.": (
        "Des mots comme ceux-ci se trouvaient dans des commentaires honnêtes\xa0: thanks."
    ),
}


@pytest.mark.parametrize("reason", SPOKEN, ids=[reason.words for reason in SPOKEN])
def test_what_a_rule_says_is_said_in_french(reason: Reason) -> None:
    assert told(reason.words, FRENCH) != reason.words
    assert told(reason.words, ENGLISH) == reason.words


@pytest.mark.parametrize(("english", "french"), FILLED_IN.items(), ids=list(FILLED_IN))
def test_what_a_rule_found_stands_in_the_french_sentence(english: str, french: str) -> None:
    assert told(english, FRENCH) == french


def test_what_no_rule_says_is_shown_as_it_is() -> None:
    assert told("The first comment of this reader.", FRENCH) == "The first comment of this reader."


@pytest.mark.parametrize("rule", sorted(SCORING))
def test_each_rule_that_can_speak_for_spam_has_a_name_in_french(rule: str) -> None:
    assert name_of(rule, FRENCH) not in {rule, name_of(rule, ENGLISH)}


def test_a_rule_that_is_none_any_more_goes_by_its_id() -> None:
    assert name_of("a-former-rule", FRENCH) == "a-former-rule"
