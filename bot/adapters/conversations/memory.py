"""Conversations in memory: for tests, one-off questions and the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from threading import Lock

from bot.adapters.conversations.locks import Locks
from bot.errors import ConversationConflict, UnknownConversation
from bot.events import Event, Happening


class MemoryConversations:
    """Keeps events in lists; gone with the process."""

    def __init__(self) -> None:
        self._events: dict[str, list[Event]] = {}
        self._changes: dict[str, int] = {}
        self._mark = 0
        self._locks = Locks()
        self._guard = Lock()

    def lock(self, conversation: str) -> AbstractContextManager[None]:
        """See :class:`bot.ports.ConversationStore`."""
        return self._locks.hold(conversation)

    def create(self, conversation: str, happening: Happening, at: datetime) -> None:
        """See :class:`bot.ports.ConversationStore`."""
        with self._guard:
            if conversation in self._events:
                raise ConversationConflict(f"There is a conversation {conversation} already.")
            self._events[conversation] = [Event(number=1, at=at, happening=happening)]
            self._changed(conversation)

    def events(self, conversation: str, after: int = 0, limit: int | None = None) -> list[Event]:
        """See :class:`bot.ports.ConversationStore`."""
        found = self._known(conversation)[after:]
        return found if limit is None else found[:limit]

    def append(self, conversation: str, happenings: Sequence[Happening], at: datetime, expected: int) -> None:
        """See :class:`bot.ports.ConversationStore`."""
        added = [
            Event(number=number, at=at, happening=happening)
            for number, happening in enumerate(happenings, start=expected + 1)
        ]
        with self._guard:
            events = self._known(conversation)
            if len(events) != expected:
                raise ConversationConflict(f"Conversation {conversation} has {len(events)} events, not {expected}.")
            events += added
            self._changed(conversation)

    def appended(self, since: int | None, most: int | None = None) -> tuple[int, Mapping[str, int]]:
        """See :class:`bot.ports.ConversationStore`. The mark counts what was appended, however many events at once."""
        with self._guard:
            seen = self._mark if since is None else since
            until = self._mark if most is None else min(self._mark, seen + most)
            changed = {name: mark for name, mark in self._changes.items() if seen < mark <= until}
            return until, {name: len(self._events[name]) for name in changed}

    def close(self) -> None:
        """See :class:`bot.ports.ConversationStore`."""

    def _changed(self, conversation: str) -> None:
        self._mark += 1
        self._changes[conversation] = self._mark

    def _known(self, conversation: str) -> list[Event]:
        try:
            return self._events[conversation]
        except KeyError:
            raise UnknownConversation(f"There is no conversation {conversation}.") from None
