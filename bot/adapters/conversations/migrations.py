"""The schema of the SQLite store, one numbered step a change. A step that was released is never edited."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database


def m001_events(database: Database) -> None:
    """One row an event. The primary key makes numbers unique, so two writers cannot both append the same one."""
    database.table("event").create(
        {"conversation": str, "number": int, "at": str, "type": str, "body": str},
        pk=("conversation", "number"),
        not_null={"conversation", "number", "at", "type", "body"},
        if_not_exists=True,
    )


MIGRATIONS: tuple[Callable[[Database], None], ...] = (m001_events,)
