"""What the bot keeps an eye on for drivers, to come back unasked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

WatchKind = Literal["charger", "ticket"]


@dataclass(frozen=True)
class Watched:
    """Something that is watched for a conversation."""

    id: int
    conversation: str
    kind: WatchKind
    target: str
    since: datetime
    until: datetime
    seen: str
    """The state when it was last told; a change from it is news."""


class Watches(Protocol):
    """Keeps watches; shared by all workers."""

    def add(self, conversation: str, kind: WatchKind, target: str, since: datetime, until: datetime, seen: str) -> None:
        """Begin to watch; a second time for the same conversation and target changes nothing."""

    def open(self) -> list[Watched]:
        """Everything that is watched."""

    def see(self, watch: int, seen: str, was: str) -> bool:
        """Note a new state. True for the one caller that may tell it: whose ``was`` is what stood there."""

    def end(self, watch: int) -> bool:
        """Stop watching. True for the one caller that ended it."""
