"""The schema of the panel's file, one numbered step a change. A step that was released is never edited."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from bot.adapters.panel.case_schema import create_cases, order_said_by_time
from bot.adapters.panel.figure_schema import create_figures, index_offers


def m001_accounts(database: Database) -> None:
    """Accounts, who is signed in, and what happened around both."""
    database.table("agent").create(
        {
            "id": str, "name": str, "email": str, "role": str, "language": str, "created_at": str, "locked": int,
            "subject": str, "demo": int, "password": str,
        },
        pk="id", not_null={"name", "email", "role", "language", "created_at", "locked", "demo"},
    )  # fmt: skip
    database.table("agent").create_index(["email"], unique=True)
    database.table("agent").create_index(["subject"], unique=True)
    database.table("session").create(
        {"id": str, "agent": str, "started_at": str, "seen_at": str},
        pk="id", not_null={"agent", "started_at", "seen_at"}, foreign_keys=[("agent", "agent", "id")],
    )  # fmt: skip
    database.table("session").create_index(["agent"])
    database.table("audit").create({"number": int, "entry": str}, pk="number", not_null={"entry"})


def m002_cases(database: Database) -> None:
    """Conversations as the inbox and the search see them."""
    create_cases(database)


def m003_presence(database: Database) -> None:
    """When agents were seen, and on which conversation's page."""
    database.table("presence").create(
        {"agent": str, "conversation": str, "name": str, "since": str, "at": str, "typing_at": str},
        pk=("agent", "conversation"), not_null={"name", "since", "at"},
    )  # fmt: skip
    database.table("presence").create_index(["conversation", "at"])


def m004_figures(database: Database) -> None:
    """What is counted of conversations."""
    create_figures(database)


def m005_said_by_time(database: Database) -> None:
    """What was said in the order of time; the projector sees that it is empty, and makes it from the conversations."""
    order_said_by_time(database)


def m006_index_offers(database: Database) -> None:
    """What the figures can be filtered by."""
    index_offers(database)


MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    m001_accounts, m002_cases, m003_presence, m004_figures, m005_said_by_time,
    m006_index_offers,
)  # fmt: skip
