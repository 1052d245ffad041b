"""What a conversation asks of the world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from bot.events import Event, Happening
from bot.types import Identity
from indexer.search import Index

Speaker = Literal["bot", "person"]


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

    def appended(self, since: int | None, most: int | None = None) -> tuple[int, Mapping[str, int]]:
        """What anybody appended, another process too, since a mark that this gave: last numbers by conversation.

        0 is the mark before everything. With ``most`` no more than so many events are gone through, for those who
        have much to catch up with.

        Returns:
            The mark of now, or up to which was looked, and the conversations; without a mark only the mark of now.
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


class Notifier(Protocol):
    """Wakes those who follow conversations. May be called from any thread; never waits, and nothing it does fails."""

    def appended(self, conversation: str, number: int) -> None:
        """Something happened; ``number`` is the last event's. Saying it twice does no harm."""

    def typing(self, conversation: str, who: Speaker) -> None:
        """Somebody is about to say something to the driver."""

    def listen(self, conversation: str) -> AbstractContextManager[Listener]:
        """Follow a conversation until the context ends. From a coroutine only."""

    def listen_to_all(self) -> AbstractContextManager[GeneralListener]:
        """Follow every conversation until the context ends. From a coroutine only."""

    def close(self) -> None:
        """Let all who listen go, now and from now on: the server ends."""


class Listener(Protocol):
    """One who follows a conversation."""

    async def news(self) -> News:
        """Wait until there is something new, and take all of it."""


class GeneralListener(Protocol):
    """One who follows every conversation."""

    async def changed(self) -> Mapping[str, int] | None:
        """Wait until something happened; the last numbers by conversation, None once the server ends."""


@dataclass(frozen=True)
class News:
    """What came since the last look."""

    number: int = 0
    """The last event that is known of."""
    typing: Speaker | None = None
    ended: bool = False
    """The server ends; nothing comes any more."""


class Demo(Protocol):
    """The demo world, for its page."""

    @property
    def users(self) -> Sequence[Identity]:
        """Who may be signed in as."""

    def world(self) -> Mapping[str, Any]:
        """Everything in it, by kind, ready for JSON."""

    def change(self, command: str) -> None:
        """Carry out the words of a ``plugdesk world`` command.

        Raises:
            DemoRefused: saying what was wrong.
        """

    def token(self, user: str) -> str:
        """A token for one of ``users``; only this process trusts it.

        Raises:
            DemoRefused: when there is no such user.
        """
