"""Keeps by what words each entry is found: written whenever what it says is written."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert

from ..domain.folding import words_of
from .schema import searched_words


def keep(connection: Connection, number: int, author: str, title: str, text: str) -> None:
    """Have entry `number` be found by what it says now, and by nothing that it said before."""
    connection.execute(delete(searched_words).where(searched_words.c.comment == number))
    said = words_of(author, title, text)
    connection.execute(insert(searched_words).values(comment=number, words=said))
