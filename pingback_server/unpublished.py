"""What is not public yet, as the last build left it for friends: `drafts/` in the folder of data.

Each post lies in a folder that is named by its secret token, a page with its pictures; `links.json`
says whose they are, and where the posts stand that were shown like this before they came out.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from .domain.tokens import is_draft_token

_FOLDER = "drafts"
_LINKS = "links.json"


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A post that only those see who know its `token`; None for `appears_at` is a draft."""

    token: str
    title: str
    appears_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """The posts that wait, and the address of each public one, by the token that it has had."""

    waiting: tuple[Unpublished, ...] = ()
    published: Mapping[str, str] = field(default_factory=dict)


def folder_of(data: Path, token: str) -> Path:
    """Where the page and the pictures of one post lie."""
    return data / _FOLDER / token


def private_path(token: str) -> str:
    """The address of the page, below the blog's own path."""
    return f"/-/drafts/{token}/"


def read_links(data: Path) -> Links:
    """What the last build left; nothing if there was none, or what is there cannot be read."""
    try:
        values = json.loads((data / _FOLDER / _LINKS).read_text(encoding="utf-8"))
        waiting = tuple(_unpublished(value) for value in values["waiting"])
        return Links(waiting, dict(values["published"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Links()  # the next build leaves it anew


def keep(data: Path, links: Links, files: Mapping[str, bytes | Path]) -> None:
    """Leave `links` and the `files` (TOKEN/NAME: its bytes, or the file they are in), and no other.

    A page that is read meanwhile is whole. OSError if the disk takes no more.
    """
    folder = data / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in files.items():
        _put(source.read_bytes() if isinstance(source, Path) else source, folder / name)
    text = json.dumps(asdict(links), ensure_ascii=False, indent=1, default=datetime.isoformat)
    _put(f"{text}\n".encode(), folder / _LINKS)
    _clear(folder, {_LINKS, *files})


def _put(content: bytes, place: Path) -> None:
    """Write `place`, whole at every moment, if it does not say that already."""
    if place.is_file() and place.read_bytes() == content:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.new")
    beside.write_bytes(content)
    os.replace(beside, place)


def _clear(folder: Path, wanted: Iterable[str]) -> None:
    """Remove what builds have left there and is not `wanted`; whatever else lies there stays."""
    kept = {folder / name for name in wanted}
    kept |= {parent for path in kept for parent in path.parents}
    ours = [path for path in folder.iterdir() if is_draft_token(path.name)]
    for path in [*ours, *(below for one in ours for below in sorted(one.rglob("*")))]:
        if path in kept or not path.exists():
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _unpublished(value: dict[str, str]) -> Unpublished:
    at = value["appears_at"]
    return Unpublished(value["token"], value["title"], datetime.fromisoformat(at) if at else None)
