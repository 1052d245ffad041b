"""The demo world's values as documents in a SQLite file, by way of sqlite-utils."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from bot.adapters.demo.things import Command, DemoCharger, Group, Trouble
from bot.adapters.sqlite import immediate, open_database
from bot.tools.values import Account, PlatformStatus, Session, Station, Ticket, WorldValue

Thing = TypeVar("Thing", bound=WorldValue)
KINDS: dict[type[WorldValue], tuple[str, str]] = {
    Account: ("account", "number"),
    Station: ("station", "number"),
    DemoCharger: ("charger", "id"),
    Group: ("group", "id"),
    Session: ("session", "id"),
    PlatformStatus: ("platform", "vendor"),
    Ticket: ("report", "id"),
    Trouble: ("trouble", "tool"),
    Command: ("command", "key"),
}
"""The word for each kind of thing, and its field that tells one from another."""


def m001_things(database: Database) -> None:
    """One row a thing."""
    database.table("thing").create(
        {"kind": str, "id": str, "body": str}, pk=("kind", "id"), not_null={"kind", "id", "body"}, if_not_exists=True
    )


MIGRATIONS = (m001_things,)


class Things:
    """Keeps the things of the world. Several threads and processes may use one file."""

    def __init__(self, path: Path) -> None:
        self._guard = threading.RLock()
        self._connection = open_database(path, MIGRATIONS, "PLUGDESK_WORLD").conn

    def find(self, kind: type[Thing], key: str) -> Thing | None:
        """The thing of that kind and key."""
        with self._guard:
            row = self._connection.execute(
                "select body from thing where kind = ? and id = ?", [KINDS[kind][0], key]
            ).fetchone()
        return kind.model_validate_json(row[0]) if row else None

    def every(self, kind: type[Thing]) -> list[Thing]:
        """All things of that kind, in the order in which they came into the world."""
        with self._guard:
            rows = self._connection.execute(
                "select body from thing where kind = ? order by rowid", [KINDS[kind][0]]
            ).fetchall()
        return [kind.model_validate_json(body) for (body,) in rows]

    def put(self, thing: WorldValue) -> None:
        """Add the thing, or put it in the place of the one with its key. Inside a transaction only."""
        kind, key = KINDS[type(thing)]
        self._connection.execute(
            "insert into thing (kind, id, body) values (?, ?, ?)"
            " on conflict (kind, id) do update set body = excluded.body",
            [kind, getattr(thing, key), thing.model_dump_json()],
        )

    def drop(self, kind: type[WorldValue], key: str) -> None:
        """Take the thing out of the world. Inside a transaction only."""
        self._connection.execute("delete from thing where kind = ? and id = ?", [KINDS[kind][0], key])

    def clear(self) -> None:
        """Take everything out of the world. Inside a transaction only."""
        self._connection.execute("delete from thing")

    @property
    def empty(self) -> bool:
        """Whether nothing has ever been put in."""
        with self._guard:
            return self._connection.execute("select 1 from thing limit 1").fetchone() is None

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, and nobody else changes what is read inside."""
        return immediate(self._connection, self._guard)

    def close(self) -> None:
        """Let go of the file."""
        with self._guard:
            self._connection.close()
