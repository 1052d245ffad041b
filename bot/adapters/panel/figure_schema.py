"""The tables of figures in the panel's file. All of it is made from conversations and can be made again."""

from __future__ import annotations

from sqlite_utils import Database


def create_figures(database: Database) -> None:
    """A row a conversation, with what filters look at beside the record, and how far was counted."""
    database.table("figure").create(
        {
            "conversation": str, "number": int, "started_at": float, "language": str, "vendor": str, "channel": str,
            "user": str, "topics": str, "body": str,
        },
        pk="conversation", not_null={"number", "started_at", "channel", "topics", "body"},
    )  # fmt: skip
    database.table("figure").create_index(["started_at"])
    database.table("figure_mark").create(
        {"id": int, "version": int, "source": str, "mark": int}, pk="id", not_null={"version", "source", "mark"}
    )


def index_offers(database: Database) -> None:
    """What there is to filter by is read from indexes, not from wide rows."""
    for column in ("language", "vendor", "channel", "topics"):
        database.table("figure").create_index([column])
