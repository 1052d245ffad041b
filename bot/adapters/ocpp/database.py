"""The SQLite file that gateway and bot share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.adapters.ocpp.migrations import MIGRATIONS
from bot.adapters.sqlite import immediate, open_database


def utc_now() -> datetime:
    """The present moment. What chargers say of the time is not relied on: their clocks are often wrong."""
    return datetime.now(UTC)


class OcppDatabase:
    """One connection, for all threads of a process, with the clock that its rows are stamped by."""

    def __init__(self, path: Path, now: Callable[[], datetime] = utc_now) -> None:
        self.path, self.now = path, now
        self._guard = threading.RLock()
        self._connection = open_database(path, MIGRATIONS, "PLUGDESK_CHARGERS").conn

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """What the query finds."""
        with self._guard:
            return self._connection.execute(query, values).fetchall()

    def change(self, query: str, values: Sequence[object] = ()) -> int:
        """Run one change, inside a transaction only; how many rows it touched."""
        return self._connection.execute(query, values).rowcount

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, and nobody else changes what is read inside."""
        return immediate(self._connection, self._guard)

    def close(self) -> None:
        """Let go of the file."""
        with self._guard:
            self._connection.close()
