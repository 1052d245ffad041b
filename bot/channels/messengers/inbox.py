"""What came in from messengers and is not answered yet. Words stay here only until the conversation has them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.types import Choice, Value


class Waiting(Value):
    """A message as it is kept: its secrets masked, its photos accepted or refused."""

    message_id: str
    text: str
    masked: tuple[str, ...] = ()
    """Kinds of secrets that were masked."""
    choice: Choice | None = None
    """A tap: it is never joined with other messages, and waits for none."""
    urgent: bool = False
    """It tells of danger: it takes along what came before it, and waits for nothing more."""
    locale: str | None = None
    position: tuple[float, float] | None = None
    photos: tuple[str, ...] = ()
    """Ids of those that were accepted."""
    refused: tuple[str, ...] = ()
    """Codes of :class:`bot.errors.PhotoRefused`, one for each that was not."""
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Burst:
    """Messages of one sender that are answered together, in the order in which they were written."""

    turn: str
    """Made from the ids of its messages: the same however often the turn is tried."""
    channel: str
    sender: str
    messages: tuple[Waiting, ...]
    attempts: int
    """This one counts."""


@dataclass(frozen=True)
class Pace:
    """When messages make a burst, and how long its turn belongs to the process that began it."""

    gap: timedelta
    """So long after the last message its burst is complete,"""
    longest: timedelta
    """or so long after the first one."""
    lease: timedelta
    photos: int
    """A message whose photos would be more, together with those before it, begins another burst."""


class Inbox(Protocol):
    """Keeps them. Safe to use from several threads and processes."""

    def heard(self, channel: str, message: str) -> str | None:
        """The mark of a message that was put in, for as long as it is remembered; None where it was not."""

    def put(self, channel: str, sender: str, message: Waiting, mark: str, at: datetime) -> bool:
        """Keep a message, on the disk before this returns; False where it had been put in before.

        Raises:
            MessageIdReused: when its id was put in with another mark.
        """

    def take(self, channels: Collection[str], at: datetime, pace: Pace) -> Burst | None:
        """A burst that is due, for the caller alone until the lease ends; None where none is.

        A sender has one turn at a time, and what was made one turn stays that turn until it is done.
        """

    def next_due(self, channels: Collection[str], pace: Pace) -> datetime | None:
        """When :meth:`take` will have something to give, as things stand; None where nothing waits."""

    def done(self, burst: Burst) -> None:
        """It was answered: its words are forgotten."""

    def failed(self, burst: Burst, next_at: datetime) -> None:
        """It was not, and is to be tried again."""

    def tidy(self, before: datetime) -> None:
        """Forget the ids of messages that were answered and had come in before then."""

    def close(self) -> None:
        """Give back files and connections."""
