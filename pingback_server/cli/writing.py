"""`permalien init` and `permalien new`: a new blog, a new post."""

from __future__ import annotations

import os
import re
import unicodedata
from difflib import get_close_matches
from pathlib import Path
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

import click

from ..domain.errors import PermalienError
from ..domain.tokens import draft_token
from ..server_settings import read_secrets
from ..unpublished import private_path
from .heads import Head, heads_in
from .workplace import now, workplace

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
    own = here.own_settings()
    content = here.settings.blog / (own.get("PATH") or "content")
    heads = heads_in(content)
    at = now().astimezone(ZoneInfo(own.get("TIMEZONE") or "UTC"))
    title, slug = " ".join(title.split()), slug_of(title)
    name = f"{at:%Y-%m-%d}-{slug}"
    path = content / f"{name}.md"
    lines = {
        "Title": title,
        "Date": f"{at:%Y-%m-%d %H:%M}",
        "Category": category and _as_there(category, heads),
        "Lang": lang,
        "Slug": slug,
        "Id": name,
        "Number": _next_number(heads, own),
        "Status": "draft" if draft else None,
    }
    _refuse_to_overwrite([path])
    _tell_of_likeness(title, category, heads)
    _write(path, "".join(f"{key}: {value}\n" for key, value in lines.items() if value) + "\n")
    click.echo(str(path))
    if draft:
        token = draft_token(read_secrets(here.settings), name)
        url = str(own.get("SITEURL") or "").rstrip("/")
        click.echo(f"draft: {title}  {url}{private_path(token)}", err=True)
        click.echo("Write in it, and `permalien build` shows it to those friends.", err=True)
        click.echo("Take `Status: draft` out, and the next build publishes it.", err=True)
    else:
        click.echo("Write in it; then `permalien build` publishes it.", err=True)


def _next_number(heads: list[Head], own: dict[str, Any]) -> int | None:
    """The number by which `/?p=N` will lead to the post, in a blog whose posts have numbers."""
    numbers = [head.number for head in heads if head.number is not None]
    if not numbers and own.get("PERMALINKS") != "/?p=N":
        return None
    return max(numbers, default=0) + 1


def _as_there(category: str, heads: list[Head]) -> str:
    """The category, written as the posts write it that are in it already."""
    written = {head.category.casefold(): head.category for head in heads}
    return written.get(category.casefold(), category)


def _tell_of_likeness(title: str, category: str | None, heads: list[Head]) -> None:
    """Say if another post is called like this, or another category nearly like this."""
    for head in heads:
        if head.title.casefold() == title.casefold():
            click.echo(f"warning: {head.file} has this title already", err=True)
    known = {head.category.casefold(): head.category for head in heads if head.category}
    if category is None or category.casefold() in known:
        return
    near = get_close_matches(category.casefold(), known, n=1, cutoff=0.75)
    if near:
        words = f"there is no category {category!r} yet: did you mean {known[near[0]]!r}?"
        click.echo(f"warning: {words}", err=True)


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
