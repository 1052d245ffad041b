"""What a conversation asks of the world."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from bot.events import Event, Happening
from indexer.search import Index


class ConversationStore(Protocol):
    """Keeps the events of conversations, append-only."""

    def lock(self, conversation: str) -> AbstractContextManager[None]:
        """Let one turn of a conversation run at a time within this process."""

    def create(self, conversation: str, happening: Happening, at: datetime) -> None:
        """Begin a conversation with its first event.

        Raises:
            ConversationConflict: when there is a conversation of that id already.
        """

    def events(self, conversation: str, after: int = 0, limit: int | None = None) -> list[Event]:
        """Events numbered above ``after``, in order.

        Raises:
            UnknownConversation: when there is no such conversation.
        """

    def append(self, conversation: str, happenings: Sequence[Happening], at: datetime, expected: int) -> None:
        """Append all or nothing; ``expected`` is the number of the last event that the caller has seen.

        Raises:
            ConversationConflict: when somebody else appended since.
            UnknownConversation: when there is no such conversation.
        """

    def close(self) -> None:
        """Give back files and connections."""


class Knowledge(Protocol):
    """Gives the index that serves; it may change between turns, not within one."""

    def current(self) -> Index:
        """The index to use for one turn."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, with time zone UTC."""
