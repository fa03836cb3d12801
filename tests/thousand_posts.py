"""A blog of any number of posts, as somebody might have written over the years; by a seed.

`python tests/thousand_posts.py FOLDER` writes a thousand of them into an existing blog's content/.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

FIRST_DAY = datetime(2012, 3, 4, 7, 30, tzinfo=UTC)
_DAYS = 4600

CATEGORIES = ("Cuisine", "Jardin", "Lectures", "Logiciel", "Musique", "Voyages", "Vélo", "École")
TAGS = (
    *("accents", "aventure", "bois", "budget", "code", "été", "famille", "hiver", "histoire"),
    *("idées", "libre", "marche", "mer", "montagne", "outils", "pain", "papier", "photo"),
    *("potager", "quotidien", "réseau", "sciences", "souvenirs", "train", "web", "œuvres"),
)
_SUBJECTS = (
    *("le four à bois", "un carnet de route", "la rivière en crue", "mon premier serveur"),
    *("les tomates de juillet", "une panne de dynamo", "le train de nuit", "la classe de mer"),
    *(
        "a borrowed lathe",
        "the second winter",
        "un logiciel qui dure",
        "la bibliothèque du quartier",
    ),
    *(
        "the harbour at five",
        "trois recettes de pain",
        "une lettre retrouvée",
        "l’orgue du village",
    ),
)
_OPENINGS = (
    *("Retour sur", "À propos de", "Ce que m’a appris", "Notes on", "Pourquoi j’aime"),
    *("Encore une fois :", "What I learnt from", "Quelques jours avec", "Petit éloge de"),
)
_SENTENCES = (
    "On m’a souvent demandé comment cela avait commencé, et je n’ai jamais su répondre.",
    "The first attempt failed, as first attempts do, and taught me more than the manual had.",
    "Il faut du temps, un peu d’obstination et *beaucoup* de café.",
    "Le matin, la lumière entre par la fenêtre de l’est ; l’après-midi, tout est à refaire.",
    "Nobody warned me about the noise, which is **considerable**.",
    "J’ai noté les mesures dans un cahier : 12 × 34 cm, à deux millimètres près.",
    "Somebody wrote to say that I was wrong; they were right, and the text is mended.",
    "« Rien ne presse », disait ma grand-mère, qui ne s’asseyait jamais.",
    "See [the page about this blog](https://example.org/about) for how it is made.",
    "Cela coûte 3 € au marché, le double ailleurs & rien du tout chez le voisin.",
    "It rained for nine days, and on the tenth we went anyway.",
    "La suite au prochain numéro, si le chat veut bien quitter le clavier.",
)
_INSERTS = (
    "- d’abord le plus simple\n- ensuite le plus sale\n- enfin le reste\n",
    "> What is worth doing is worth writing down.\n",
    "```python\ndef knead(dough: str, times: int = 12) -> str:\n    return dough * times\n```\n",
    "| mois | récolte |\n|---|---|\n| juin | 4 kg |\n| juillet | 11 kg |\n",
    "## Et après ?\n",
    "1. mesurer\n2. couper\n3. recommencer\n",
)


@dataclass(frozen=True, slots=True)
class SomePost:
    """A post: the name of its file, which is its slug and id, and its whole text."""

    name: str
    text: str


def some_posts(number: int, seed: int = 1) -> Iterator[SomePost]:
    """That many posts, oldest first; the same for the same seed."""
    chance = random.Random(seed)
    for index in range(number):
        moment = FIRST_DAY + timedelta(days=_DAYS * index / number, minutes=chance.randrange(900))
        title = f"{chance.choice(_OPENINGS)} {chance.choice(_SUBJECTS)}"
        name = f"post-{index:04}"
        lines = {
            "Title": title,
            "Date": f"{moment:%Y-%m-%d %H:%M}",
            "Slug": name,
            "Id": name,
            "Category": chance.choice(CATEGORIES),
            "Tags": ", ".join(chance.sample(TAGS, chance.randrange(4))),
            "Lang": "en" if chance.random() < 0.2 else "",
        }
        head = "".join(f"{key}: {value}\n" for key, value in lines.items() if value)
        yield SomePost(name, f"{head}\n{_body(chance)}")


def write_posts(content: Path, number: int, seed: int = 1) -> None:
    """Write that many posts into the folder `content`, by year."""
    for post in some_posts(number, seed):
        year = content / post.text.partition("Date: ")[2][:4]
        year.mkdir(parents=True, exist_ok=True)
        (year / f"{post.name}.md").write_text(post.text, encoding="utf-8")


def _body(chance: random.Random) -> str:
    parts = []
    for _ in range(chance.randrange(2, 7)):
        parts.append(" ".join(chance.sample(_SENTENCES, chance.randrange(2, 6))) + "\n")
        if chance.random() < 0.4:
            parts.append(chance.choice(_INSERTS))
    return "\n".join(parts)


if __name__ == "__main__":
    write_posts(Path(sys.argv[1]) / "content", 1000)
