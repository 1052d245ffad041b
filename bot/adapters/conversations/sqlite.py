"""Conversations in a SQLite file, by way of sqlite-utils; schema in numbered migrations."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from bot.adapters.conversations.locks import Locks
from bot.adapters.conversations.migrations import MIGRATIONS
from bot.adapters.sqlite import open_database
from bot.errors import ConversationConflict, UnknownConversation
from bot.events import Event, Happening


class SqliteConversations:
    """Appends events to one table; a unique key of conversation and number decides between two writers."""

    def __init__(self, path: Path) -> None:
        self._locks = Locks()
        self._guard = threading.RLock()
        self._database = open_database(path, MIGRATIONS, "PLUGDESK_CONVERSATIONS")
        self._connection = self._database.conn

    def lock(self, conversation: str) -> AbstractContextManager[None]:
        """See :class:`bot.ports.ConversationStore`."""
        return self._locks.hold(conversation)

    def create(self, conversation: str, happening: Happening, at: datetime) -> None:
        """See :class:`bot.ports.ConversationStore`."""
        try:
            self._insert(conversation, [happening], at, 1)
        except sqlite3.IntegrityError:
            raise ConversationConflict(f"There is a conversation {conversation} already.") from None

    def events(self, conversation: str, after: int = 0, limit: int | None = None) -> list[Event]:
        """See :class:`bot.ports.ConversationStore`."""
        with self._guard:
            rows = list(
                self._database.table("event").rows_where(
                    "conversation = ? and number > ?", [conversation, after], order_by="number", limit=limit
                )
            )
        if not rows:
            self._last(conversation)
        return [Event.model_validate_json(row["body"]) for row in rows]

    def append(self, conversation: str, happenings: Sequence[Happening], at: datetime, expected: int) -> None:
        """See :class:`bot.ports.ConversationStore`."""
        with self._guard:
            last = self._last(conversation)
            if last != expected:
                raise ConversationConflict(f"Conversation {conversation} has {last} events, not {expected}.")
            try:
                self._insert(conversation, happenings, at, expected + 1)
            except sqlite3.IntegrityError:
                raise ConversationConflict(f"Somebody else appended to conversation {conversation}.") from None

    def appended(self, since: int | None, most: int | None = None) -> tuple[int, Mapping[str, int]]:
        """See :class:`bot.ports.ConversationStore`. The mark is SQLite's rowid: writers take turns, so it grows."""
        with self._guard:
            mark = int(self._connection.execute("select coalesce(max(rowid), 0) from event").fetchone()[0])
            if since is None or since == mark:
                return mark, {}
            # Where the mark has gone back, rows were deleted and their ids may be given again.
            seen = since if since < mark else 0
            mark = mark if most is None else min(mark, seen + most)
            rows = self._connection.execute(
                "select conversation, max(number) from event where rowid > ? and rowid <= ? group by conversation",
                [seen, mark],
            ).fetchall()
        return mark, dict(rows)

    def close(self) -> None:
        """See :class:`bot.ports.ConversationStore`."""
        with self._guard:
            self._connection.close()

    def _last(self, conversation: str) -> int:
        query = "select max(number) from event where conversation = ?"
        with self._guard:
            last = self._connection.execute(query, [conversation]).fetchone()[0]
        if last is None:
            raise UnknownConversation(f"There is no conversation {conversation}.")
        return int(last)

    def _insert(self, conversation: str, happenings: Sequence[Happening], at: datetime, first: int) -> None:
        events = [Event(number=n, at=at, happening=each) for n, each in enumerate(happenings, start=first)]
        rows = [
            (conversation, event.number, event.at.isoformat(), event.happening.type, event.model_dump_json())
            for event in events
        ]
        with self._guard, self._connection:
            self._connection.executemany(
                "insert into event (conversation, number, at, type, body) values (?, ?, ?, ?, ?)", rows
            )
