"""The file of PLUGDESK_OUTBOX, which inbox and outbox share with all workers and the command."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.adapters.messengers.migrations import MIGRATIONS
from bot.adapters.sqlite import immediate, open_database


class MessengerFile:
    """Immediate transactions decide between two processes; what is kept is on the disk before anybody is told."""

    def __init__(self, path: Path) -> None:
        self._guard = threading.RLock()
        self._database = open_database(path, MIGRATIONS, "PLUGDESK_OUTBOX")
        self._connection = self._database.conn
        self._connection.execute("PRAGMA synchronous=FULL")
        # Words that were answered are overwritten, not only left out of the index.
        self._connection.execute("PRAGMA secure_delete=ON")

    def close(self) -> None:
        """Give back the file."""
        with self._guard:
            self._connection.close()

    def _set(self, statement: str, *values: object) -> None:
        with self._transaction():
            self._connection.execute(statement, values)

    def _row(self, query: str, *values: object) -> Any:
        with self._guard:
            return self._connection.execute(query, values).fetchone()

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._guard:
            return list(self._connection.execute(query, values).fetchall())

    def _transaction(self) -> AbstractContextManager[None]:
        return immediate(self._connection, self._guard)


def moment(seconds: float) -> datetime:
    """The moment of so many seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
