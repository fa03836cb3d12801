"""Brings a database to the newest schema, whoever else wants the same at that moment."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from ..domain.errors import Unavailable
from .engine import Database
from .schema import HEAD


def version(connection: Connection) -> str | None:
    """The number of the database's newest migration, None before the first.

    Unavailable if the database belongs to a later Permalien.
    """
    if not inspect(connection).has_table("alembic_version"):
        return None
    number = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if number is not None and number > HEAD:
        raise Unavailable(
            f"the database is of a newer Permalien (its schema is {number}, this program knows "
            f"{HEAD}); upgrade: pip install -U permalien"
        )
    return None if number is None else str(number)


def is_current(database: Database) -> bool:
    """Whether every migration has been run."""
    if database.file is not None and not database.file.exists():
        return False
    with database.reading() as connection:
        return version(connection) == HEAD


def migrate(database: Database) -> None:
    """Run the migrations that are missing, each in one transaction, under the write lock."""
    database.create()
    with database.migrating() as connection:
        current = version(connection)
        connection.rollback()
        if current != HEAD:
            _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    # Alembic takes a quarter of a second to import: only those who migrate pay for it.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")
