"""The schema of the outbox, one numbered step a change. A step that was released is never edited."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database


def m001_outbox(database: Database) -> None:
    """Moments are seconds since 1970. A reply is queued once: conversation and number are unique."""
    database.table("peer").create(
        {"channel": str, "sender": str, "conversation": str, "cursor": int, "at": float},
        pk=("channel", "sender"), not_null={"conversation", "cursor", "at"}, if_not_exists=True,
    )  # fmt: skip
    database.table("peer").create_index(["at"], if_not_exists=True)
    database.table("heard").create(
        {"channel": str, "message": str, "mark": str, "at": float},
        pk=("channel", "message"), not_null={"mark", "at"}, if_not_exists=True,
    )  # fmt: skip
    database.table("heard").create_index(["at"], if_not_exists=True)
    database.table("delivery").create(
        {
            "id": str, "channel": str, "recipient": str, "conversation": str, "number": int, "state": str,
            "attempts": int, "next_at": float, "claimed_until": float, "error": str, "created_at": float,
            "done_at": float,
        },
        pk="id",
        not_null={"channel", "recipient", "conversation", "number", "state", "next_at", "created_at"},
        defaults={"attempts": 0, "claimed_until": 0.0}, if_not_exists=True,
    )  # fmt: skip
    database.table("delivery").create_index(["conversation", "number"], unique=True, if_not_exists=True)
    database.table("delivery").create_index(["channel", "state", "next_at"], if_not_exists=True)


MIGRATIONS: tuple[Callable[[Database], None], ...] = (m001_outbox,)
