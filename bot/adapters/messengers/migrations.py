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


def m002_inbox(database: Database) -> None:
    """Messages wait here for their turn. ``written`` orders them; ``single``: it waits for no other;
    ``taken``: it belongs to its sender's turn. The view has the senders without a turn."""
    database.table("inbound").create(
        {
            "channel": str, "message": str, "sender": str, "written": float, "arrived": float, "single": int,
            "taken": int, "body": str,
        },
        pk=("channel", "message"), not_null={"sender", "written", "arrived", "single", "taken", "body"},
        defaults={"taken": 0}, if_not_exists=True,
    )  # fmt: skip
    database.table("inbound").create_index(["channel", "sender"], if_not_exists=True)
    database.table("turn").create(
        {
            "channel": str, "sender": str, "id": str, "last": str, "attempts": int, "next_at": float,
            "claimed_until": float,
        },
        pk=("channel", "sender"), not_null={"id", "last", "attempts", "next_at", "claimed_until"},
        defaults={"attempts": 0, "claimed_until": 0.0}, if_not_exists=True,
    )  # fmt: skip
    database.create_view(
        "unbegun",
        "select channel, sender, min(arrived) as first, max(arrived) as last, max(single) as single from inbound"
        " where not exists (select 1 from turn where turn.channel = inbound.channel and turn.sender = inbound.sender)"
        " group by channel, sender",
        ignore=True,
    )
    if "in_reply_to" not in database.table("delivery").columns_dict:
        database.table("delivery").add_column("in_reply_to", str)
    database.table("peer").create_index(["conversation"], if_not_exists=True)
    # Marks were made otherwise. A message that comes again meanwhile is known by its conversation all the same.
    database.execute("delete from heard")


MIGRATIONS: tuple[Callable[[Database], None], ...] = (m001_outbox, m002_inbox)
