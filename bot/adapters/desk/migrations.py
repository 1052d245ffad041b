"""The schema of the desk, one numbered step a change. A step that was released is never edited."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlite_utils import Database


def m001_tickets(database: Database) -> None:
    """One row a ticket; the key of the action that filed it is unique, so that it is filed once."""
    database.table("ticket").create(
        {
            "id": str, "key": str, "kind": str, "state": str, "station": str, "user": str, "filed_at": str,
            "draft": str, "body": str,
        },
        pk="id", if_not_exists=True,
    )  # fmt: skip
    database.table("ticket").create_index(["key"], unique=True, if_not_exists=True)


def m002_history(database: Database) -> None:
    """Tickets as they were filed, the states they went through, which incident they belong to, and their photos.

    What a ticket is told to be is its last state; triggers keep the earlier ones from being changed. A ticket of the
    step before keeps its id, its key and the state that it had.
    """
    before = list(database.table("ticket").rows)
    database.table("ticket").drop()
    database.table("ticket").create(
        {
            "id": str, "prefix": str, "number": int, "key": str, "kind": str, "station": str, "charger": str,
            "user": str, "reporter": str, "filed_at": str, "draft": str,
        },
        pk="id", not_null={"prefix", "number", "key", "kind", "reporter", "filed_at"},
    )  # fmt: skip
    for unique in (["key"], ["prefix", "number"]):
        database.table("ticket").create_index(unique, unique=True)
    for looked_up in (["station"], ["user"]):
        database.table("ticket").create_index(looked_up)
    database.table("state").create(
        {"ticket": str, "number": int, "state": str, "at": str, "repair_by": str},
        pk=("ticket", "number"), not_null={"state", "at"},
    )  # fmt: skip
    database.table("state").create_index(["at"])
    for verb in ("update", "delete"):
        database.conn.execute(
            f"create trigger state_no_{verb} before {verb} on state "
            "begin select raise(abort, 'the history of a ticket is append-only'); end"
        )
    database.table("incident").create({"ticket": str, "incident": str}, pk="ticket", not_null={"incident"})
    database.table("incident").create_index(["incident"])
    database.table("photo").create({"id": int, "ticket": str, "photo": str}, pk="id", not_null={"ticket", "photo"})
    database.table("photo").create_index(["ticket", "photo"], unique=True)
    for row in before:
        _take_over(database, row)


def _take_over(database: Database, row: dict[str, str | None]) -> None:
    body = json.loads(row["body"] or "{}")
    draft = json.loads(row["draft"] or "{}")
    prefix, _, number = body["id"].partition("-")
    database.conn.execute(
        "insert into ticket (id, prefix, number, key, kind, station, charger, user, reporter, filed_at, draft)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            body["id"], prefix, int(number), row["key"], body["kind"], body["station"], body["charger"], body["user"],
            body["user"] or draft.get("conversation") or row["key"], stamp(body["filed_at"]), row["draft"],
        ],
    )  # fmt: skip
    database.conn.execute(
        "insert into state (ticket, number, state, at, repair_by) values (?, 1, ?, ?, ?)",
        [body["id"], body["state"], stamp(body["updated_at"]), body["repair_by"]],
    )
    if body["incident"]:
        database.conn.execute("insert into incident (ticket, incident) values (?, ?)", [body["id"], body["incident"]])
    photos = [(body["id"], photo) for photo in draft.get("photos", ())]
    database.conn.executemany("insert or ignore into photo (ticket, photo) values (?, ?)", photos)


def stamp(at: datetime | str) -> str:
    """A moment as text that sorts as time does."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


MIGRATIONS = (m001_tickets, m002_history)
