"""What keeps records, and how they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.panel.cases.ports import Mark
from bot.panel.figures.record import Record


@dataclass(frozen=True)
class Wanted:
    """Which records are counted: begun from ``start`` to before ``end``; None: any."""

    start: datetime
    end: datetime
    language: str | None = None
    vendor: str | None = None
    channel: str | None = None
    """Empty: those that came by no messenger."""
    topic: str | None = None


@dataclass(frozen=True)
class Visit:
    """A conversation of somebody who was signed in."""

    conversation: str
    user: str
    started_at: datetime
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Offered:
    """What there is to filter by."""

    languages: tuple[str, ...]
    vendors: tuple[str, ...]
    channels: tuple[str, ...]
    topics: tuple[str, ...]


class Records(Protocol):
    """Keeps one record a conversation. Safe to use from several threads and processes."""

    def of(self, conversations: Collection[str]) -> Mapping[str, Record]:
        """The records of those conversations that have one."""

    def put(self, changes: Sequence[tuple[int, Record]]) -> frozenset[str]:
        """Keep records, each if the one that is kept still stands at the number beside it.

        Returns:
            The conversations that somebody else had moved on meanwhile; look at them again.
        """

    def find(self, wanted: Wanted) -> Iterator[Record]:
        """The records that fit, by their beginning."""

    def visits(self, since: datetime) -> Iterator[Visit]:
        """Conversations of signed-in drivers that began at ``since`` or later."""

    def offered(self) -> Offered:
        """What there is to filter by now."""

    def mark(self) -> Mark | None:
        """How far was gone; None: nothing was done yet."""

    def advance(self, before: int, after: int) -> bool:
        """Note that more was gone through; False, and nothing is noted, where somebody else did meanwhile."""

    def begin_anew(self, version: int, source: str) -> None:
        """Forget every record, and go through everything again."""
