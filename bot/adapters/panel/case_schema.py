"""The tables of cases in the panel's file. All of it is made from conversations and can be made again."""

from __future__ import annotations

from sqlite_utils import Database

ORDER = ("calm", "rank", "id")
FILTERED = ("stage", "keeper", "language", "vendor", "channel")
TABLES = ("inbox", "inbox_case", "inbox_key", "said")
"""Those of cases that are emptied row by row; the full text beside them is made anew, which is quicker."""
SAID_TEXT = (
    "create virtual table said_text using fts5(text, prefix='2 3 4 5', tokenize='unicode61 remove_diacritics 2')"
)


def create_cases(database: Database) -> None:
    """Narrow rows that filters and order look at, wide ones beside them, ids, and what was said as full text.

    What was said stands in portions, so that a long conversation is not written anew with each word.
    """
    database.table("inbox").create(
        {
            "id": int, "conversation": str, "number": int, "stage": str, "calm": int, "rank": float, "keeper": str,
            "language": str, "vendor": str, "channel": str, "user": str, "last_at": float, "due_at": float,
        },
        pk="id", not_null={"conversation", "number", "stage", "calm", "rank", "keeper", "channel", "last_at"},
    )  # fmt: skip
    table = database.table("inbox")
    table.create_index(["conversation"], unique=True)
    table.create_index(list(ORDER))
    for column in FILTERED:
        table.create_index([column, *ORDER])
    table.create_index(["user", "last_at"])
    table.create_index(["stage", "due_at"])
    table.create_index(["stage", "calm", "keeper"])
    database.table("inbox_case").create({"id": int, "body": str}, pk="id", not_null={"body"})
    database.execute(
        "create table inbox_key (kind text not null, value text not null, id integer not null, "
        "primary key (kind, value, id)) without rowid"
    )
    database.table("inbox_key").create_index(["id"])
    database.table("said").create(
        {"portion": int, "id": int, "letters": int, "at": float}, pk="portion", not_null={"id", "letters", "at"}
    )
    database.table("said").create_index(["id", "portion"])
    database.execute(SAID_TEXT)
    database.table("projection").create(
        {"id": int, "version": int, "source": str, "mark": int}, pk="id", not_null={"version", "source", "mark"}
    )


def order_said_by_time(database: Database) -> None:
    """What was said, made anew: the key of a portion is when it was last added to, so that the newest come first.

    FTS5 gives rows in the order of their ids as it finds them, and no other order without looking at all of them.
    """
    for table in ("said", "said_text"):
        database.execute(f"drop table {table}")
    database.table("said").create({"portion": int, "id": int, "letters": int}, pk="portion", not_null={"id", "letters"})
    database.table("said").create_index(["id", "portion"])
    database.execute(SAID_TEXT)
