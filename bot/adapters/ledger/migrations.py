"""The schema of the ledger, one numbered step a change. A step that was released is never edited."""

from __future__ import annotations

from sqlite_utils import Database


def m001_actions(database: Database) -> None:
    """One row an action, its key unique; one row a line of the audit log, which triggers keep from being changed."""
    database.table("action").create(
        {
            "key": str, "action": str, "target": str, "arguments": str, "conversation": str, "who": str, "why": str,
            "draft": str, "begun_at": str, "outcome": str, "holds_cooldown": int,
        },
        pk="key", not_null={"key", "action", "target", "begun_at"}, if_not_exists=True,
    )  # fmt: skip
    database.table("action").create_index(["action", "target", "begun_at"], if_not_exists=True)
    database.table("audit").create(
        {"id": int, "key": str, "at": str, "step": str, "detail": str}, pk="id", if_not_exists=True
    )
    for verb in ("update", "delete"):
        database.conn.execute(
            f"create trigger if not exists audit_no_{verb} before {verb} on audit "
            "begin select raise(abort, 'the audit log is append-only'); end"
        )


def m002_watches(database: Database) -> None:
    """One row a thing that is being watched for a conversation."""
    database.table("watch").create(
        {
            "id": int, "conversation": str, "kind": str, "target": str, "since": str, "until": str, "seen": str,
            "closed": int,
        },
        pk="id", if_not_exists=True,
    )  # fmt: skip
    database.conn.execute(
        "create unique index if not exists watch_open on watch (conversation, kind, target) where closed = 0"
    )


MIGRATIONS = (m001_actions, m002_watches)
