"""The schema of the file of keys, one numbered step a change. A step that was released is never edited."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database


def m001_keys(database: Database) -> None:
    """One row a key; of the key itself only its digest."""
    database.table("key").create(
        {
            "id": str, "name": str, "scopes": str, "digest": str, "created_at": str, "used_at": str, "revoked_at": str,
        },
        pk="id", not_null={"name", "scopes", "digest", "created_at"}, if_not_exists=True,
    )  # fmt: skip


MIGRATIONS: tuple[Callable[[Database], None], ...] = (m001_keys,)
