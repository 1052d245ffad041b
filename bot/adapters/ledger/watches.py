"""Watches in the ledger's SQLite file."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

from bot.adapters.ledger.migrations import MIGRATIONS
from bot.adapters.sqlite import open_database
from bot.tools.watches import Watched, WatchKind


class SqliteWatches:
    """Each change of a watch is one conditional update, so that only one worker tells it."""

    def __init__(self, path: Path) -> None:
        self._guard = threading.RLock()
        self._connection = open_database(path, MIGRATIONS, "PLUGDESK_LEDGER").conn

    def add(self, conversation: str, kind: WatchKind, target: str, since: datetime, until: datetime, seen: str) -> None:
        """See :class:`bot.tools.watches.Watches`."""
        with self._guard, self._connection:
            self._connection.execute(
                "insert or ignore into watch (conversation, kind, target, since, until, seen, closed)"
                " values (?, ?, ?, ?, ?, ?, 0)",
                [conversation, kind, target, since.isoformat(), until.isoformat(), seen],
            )

    def open(self) -> list[Watched]:
        """See :class:`bot.tools.watches.Watches`."""
        with self._guard:
            rows = self._connection.execute(
                "select id, conversation, kind, target, since, until, seen from watch where closed = 0 order by id"
            ).fetchall()
        return [
            Watched(
                row[0], row[1], row[2], row[3], datetime.fromisoformat(row[4]), datetime.fromisoformat(row[5]), row[6]
            )
            for row in rows
        ]

    def see(self, watch: int, seen: str, was: str) -> bool:
        """See :class:`bot.tools.watches.Watches`."""
        with self._guard, self._connection:
            changed = self._connection.execute(
                "update watch set seen = ? where id = ? and seen = ? and closed = 0", [seen, watch, was]
            )
            return changed.rowcount == 1

    def end(self, watch: int) -> bool:
        """See :class:`bot.tools.watches.Watches`."""
        with self._guard, self._connection:
            changed = self._connection.execute("update watch set closed = 1 where id = ? and closed = 0", [watch])
            return changed.rowcount == 1

    def close(self) -> None:
        """Give back files and connections."""
        with self._guard:
            self._connection.close()
