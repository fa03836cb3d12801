"""`permalien init` and `permalien new`: a new blog, a new post."""

from __future__ import annotations

import os
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

import click

from ..contents import Contents
from ..deeds.write_post import NewPost, begin_post, likenesses
from ..domain.blog_settings import zone_named
from ..domain.errors import PermalienError
from ..domain.tokens import draft_token
from ..server_settings import read_secrets
from ..unpublished import private_path
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
    """Make a new blog in DIR. It has a welcome post, an About page and its settings."""
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
    texts = {
        folder / path: Template((_SCAFFOLD / source).read_text("utf-8")).substitute(values)
        for path, source in files.items()
    }
    try:
        _refuse_to_overwrite(list(texts))
        for file, text in texts.items():
            _write(file, text)
        (folder / "content" / "images").mkdir(exist_ok=True)
    except OSError as error:
        raise PermalienError(
            f"no blog can be made in {folder}: {error.filename}: {error.strerror}; "
            "name another folder, or mend that"
        ) from error
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
    contents = Contents(here.settings.blog / (own.get("PATH") or "content"))
    told = likenesses(title, category or "", contents.heads())
    wanted = NewPost(
        title=title,
        at=now().astimezone(zone_named(own.get("TIMEZONE") or "UTC")),
        category=category or "",
        language=lang or "",
        is_draft=draft,
        is_numbered=own.get("PERMALINKS") == "/?p=N",
    )
    begun = begin_post(wanted, contents=contents)
    for warning in told:
        click.echo(f"warning: {warning}", err=True)
    click.echo(str(contents.folder / begun.name))
    if draft:
        token = draft_token(read_secrets(here.settings), contents.head(begun.name).id)
        url = str(own.get("SITEURL") or "").rstrip("/")
        click.echo(f"draft: {title}  {url}{private_path(token)}", err=True)
        click.echo("Write in it, and `permalien build` shows it to those friends.", err=True)
        click.echo("Take `Status: draft` out, and the next build publishes it.", err=True)
    else:
        click.echo("Write in it; then `permalien build` publishes it.", err=True)


def _refuse_to_overwrite(paths: list[Path]) -> None:
    there = [str(path) for path in paths if path.exists()]
    if there:
        raise PermalienError(f"nothing was written, since these exist already: {', '.join(there)}")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
