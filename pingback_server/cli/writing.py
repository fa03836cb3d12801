"""`permalien init` and `permalien new`: a new blog, a new post."""

from __future__ import annotations

import os
import re
import unicodedata
from datetime import datetime
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

import click

from ..domain.errors import NotPublished, PermalienError
from .workplace import Workplace, now, workplace

_SCAFFOLD = Path(__file__).parent / "scaffold"
_LANGUAGES = {
    "en": {
        "language": "en",
        "category": "Uncategorized",
        "zone": "UTC",
        "name": "My blog",
        "author": "Me",
        "comment_settings": "Your blog's own choices. The engine's stand in the package.",
        "comment_siteurl": "its public address, once it has one",
        "comment_discussion": "0 days is never. Also: comments, grace_minutes, thread_depth.",
    },
    "fr": {
        "language": "fr",
        "category": "Non classé",
        "zone": "Europe/Paris",
        "name": "Mon blog",
        "author": "Moi",
        "comment_settings": "Les choix de votre blog. Ceux du moteur sont dans le paquet.",
        "comment_siteurl": "son adresse publique, quand il en aura une",
        "comment_discussion": "0 jour, c’est jamais. Et : comments, grace_minutes, thread_depth.",
    },
}


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option("--lang", type=click.Choice(sorted(_LANGUAGES)), help="The blog's language.")
@click.option("--title", help="The blog's name.")
@click.option("--author", help="Who writes it.")
def init(folder: Path, lang: str | None, title: str | None, author: str | None) -> None:
    """Make a new blog in DIR: a welcome post, an About page, its settings."""
    lang = lang or ("fr" if os.environ.get("LANG", "").startswith("fr") else "en")
    words = _LANGUAGES[lang]
    at = now().astimezone(ZoneInfo(words["zone"]))
    welcome = Path("content") / f"{at:%Y-%m-%d}-{'bienvenue' if lang == 'fr' else 'welcome'}.md"
    values = {
        **words,
        "name": repr(title or words["name"]),
        "author": repr(author or words["author"]),
        "now": f"{at:%Y-%m-%d %H:%M}",
        "path": str(welcome),
    }
    files = {
        Path("pelicanconf.py"): "pelicanconf.py.txt",
        Path(".gitignore"): "gitignore.txt",
        welcome: f"{lang}/welcome.md",
        Path("content") / "pages" / "about.md": f"{lang}/about.md",
    }
    _refuse_to_overwrite([folder / path for path in files])
    for path, source in files.items():
        text = Template((_SCAFFOLD / source).read_text(encoding="utf-8")).substitute(values)
        _write(folder / path, text)
    (folder / "content" / "images").mkdir(exist_ok=True)
    click.echo(f"Your blog is in {folder}. Now:\n  cd {folder}\n  permalien serve")


@click.command()
@click.argument("title")
@click.option("--lang", help="Its language, if it is not the blog's.")
@click.option("--category", help="Its category.")
@click.option("--draft", is_flag=True, help="Not public until you take out `Status: draft`.")
def new(title: str, lang: str | None, category: str | None, draft: bool) -> None:
    """Begin a post called TITLE, and say where it lies."""
    here = workplace()
    at = _now_there(here)
    slug = slug_of(title)
    name = f"{at:%Y-%m-%d}-{slug}"
    path = here.settings.blog / "content" / f"{name}.md"
    lines = {
        "Title": " ".join(title.split()),
        "Date": f"{at:%Y-%m-%d %H:%M%z}",
        "Category": category,
        "Lang": lang,
        "Slug": slug,
        "Id": name,
        "Status": "draft" if draft else None,
    }
    _refuse_to_overwrite([path])
    _write(path, "".join(f"{key}: {value}\n" for key, value in lines.items() if value) + "\n")
    click.echo(str(path))
    click.echo("Write in it; then `permalien build` publishes it.", err=True)


def _now_there(here: Workplace) -> datetime:
    """Now in the blog's time zone; before its first build, with the machine's offset from UTC.

    A date of another zone could lie in the future, and then the post would not appear.
    """
    try:
        return now().astimezone(ZoneInfo(here.blog().blog.timezone)).replace(tzinfo=None)
    except NotPublished:
        return now().astimezone()


def slug_of(title: str) -> str:
    """The title as a part of an address: `Été à Nîmes !` is `ete-a-nimes`."""
    plain = unicodedata.normalize("NFKD", _spelt_out(title.casefold()))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    slug = re.sub(r"[^\w]+", "-", letters).strip("-_")
    if not slug:
        raise PermalienError(f"{title!r} has no letter or figure to make an address of")
    return slug[:80].rstrip("-")


def _spelt_out(text: str) -> str:
    return text.replace("œ", "oe").replace("æ", "ae").replace("ø", "o")


def _refuse_to_overwrite(paths: list[Path]) -> None:
    there = [str(path) for path in paths if path.exists()]
    if there:
        raise PermalienError(f"nothing was written, since these exist already: {', '.join(there)}")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
