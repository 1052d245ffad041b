"""What is to go out to messengers, and whose conversation is whose."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

DeliveryState = Literal["waiting", "delivered", "dead"]


@dataclass(frozen=True)
class Peer:
    """A sender of a channel and their conversation; what it has up to the event ``cursor`` is queued already."""

    channel: str
    sender: str
    conversation: str
    cursor: int = 0


@dataclass(frozen=True)
class Delivery:
    """A reply that is to reach a channel: the event ``number`` of ``conversation``, whose words stay there."""

    id: str
    """The same at each attempt, so that the receiver can tell a second arrival."""
    channel: str
    recipient: str
    conversation: str
    number: int
    in_reply_to: str | None
    """The id of the last message of the turn that it answers."""
    state: DeliveryState
    attempts: int
    next_at: datetime
    error: str | None
    """Of the last attempt, for the operator."""
    created_at: datetime


class Outbox(Protocol):
    """Keeps them. Safe to use from several threads and processes."""

    def peer(self, channel: str, sender: str) -> Peer | None:
        """The sender, None where they never wrote."""

    def link(self, peer: Peer, at: datetime, instead_of: str | None = None) -> Peer:
        """Give a sender a conversation; who has another one than ``instead_of`` keeps it. Returns what holds."""

    def peers_of(self, conversations: Collection[str]) -> list[Peer]:
        """The senders whose conversations these are."""

    def peers(self, since: datetime) -> list[Peer]:
        """The senders whose conversations had a line since then."""

    def put(self, peer: Peer, replies: Mapping[int, str | None], cursor: int, at: datetime) -> None:
        """Queue replies, each once, and move the cursor on.

        Args:
            peer: whose conversation they are in.
            replies: the turn that each answers, by the number of its event; None where nobody asked.
            cursor: the number of the last event that was looked at.
            at: now.
        """

    def claim(self, channel: str, at: datetime, lease: timedelta, most: int) -> list[Delivery]:
        """Deliveries that are due, for the caller alone until the lease ends.

        A conversation's replies go out in order: none is due while an earlier one waits.
        """

    def delivered(self, delivery: str, at: datetime) -> None:
        """It arrived."""

    def failed(self, delivery: str, error: str, next_at: datetime | None) -> None:
        """It did not; to be tried again, or None: it is dead."""

    def deliveries(
        self, channel: str | None = None, state: DeliveryState | None = None, limit: int = 100
    ) -> list[Delivery]:
        """The latest deliveries, newest first."""

    def redeliver(self, delivery: str, at: datetime) -> Delivery:
        """Let one that is dead or delivered go out again.

        Raises:
            UnknownDelivery: when there is none of that id.
        """

    def tidy(self, before: datetime) -> None:
        """Forget the deliveries that were done before then."""

    def close(self) -> None:
        """Give back files and connections."""
