"""The schema of the file that gateway and bot share, one numbered step a change. A released step is never edited."""

from __future__ import annotations

from sqlite_utils import Database


def m001_chargers(database: Database) -> None:
    """What chargers are and what they reported."""
    database.table("charger").create(
        {
            "id": str, "password": str, "connected": int, "vendor": str, "model": str, "booted_at": str,
            "heard_at": str,
        },
        pk="id", not_null={"id", "password"}, defaults={"connected": 0, "model": ""}, if_not_exists=True,
    )  # fmt: skip
    database.table("connector").create(
        {"charger": str, "evse": int, "connector": int, "status": str, "error": str, "since": str},
        pk=("charger", "evse", "connector"), if_not_exists=True,
    )  # fmt: skip
    charging = database.table("charging").create(
        {
            "id": int, "charger": str, "reference": str, "evse": int, "user": str, "seq": int, "ended": int,
        },
        pk="id", defaults={"ended": 0}, if_not_exists=True,
    )  # fmt: skip
    charging.create_index(["charger", "reference"], unique=True, if_not_exists=True)
    database.table("gateway").create({"id": int, "seen_at": str}, pk="id", if_not_exists=True)


def m002_commands(database: Database) -> None:
    """One row a command: claimed once by the gateway, its outcome written once by whoever knows it first."""
    database.table("command").create(
        {
            "key": str, "charger": str, "action": str, "argument": str, "until": str, "claimed_at": str, "outcome": str,
        },
        pk="key", not_null={"key", "charger", "action", "until"}, if_not_exists=True,
    )  # fmt: skip


MIGRATIONS = (m001_chargers, m002_commands)
