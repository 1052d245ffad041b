"""The schema of the SQLite store, one numbered step a change. A step that was released is never edited."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from bot.errors import StoreError


def m001_events(database: Database) -> None:
    """One row an event. The primary key makes numbers unique, so two writers cannot both append the same one."""
    database.table("event").create(
        {"conversation": str, "number": int, "at": str, "type": str, "body": str},
        pk=("conversation", "number"),
        not_null={"conversation", "number", "at", "type", "body"},
        if_not_exists=True,
    )


MIGRATIONS: tuple[Callable[[Database], None], ...] = (m001_events,)


def migrate(database: Database) -> None:
    """Bring the schema up to date; each step is applied once and counted in ``user_version``.

    Raises:
        StoreError: when a newer version of Plugdesk wrote the file.
    """
    done = int(database.execute("pragma user_version").fetchone()[0])
    if done > len(MIGRATIONS):
        message = f"The conversations have schema {done}, this version knows {len(MIGRATIONS)}."
        raise StoreError(f"{message} Install the newer version of Plugdesk again.")
    for number, step in enumerate(MIGRATIONS[done:], start=done + 1):
        step(database)
        with database.conn:
            database.conn.execute(f"pragma user_version = {number:d}")
