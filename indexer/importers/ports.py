"""What importing asks of the world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from indexer.importers.types import Document, Skipped


class Source(Protocol):
    """Where articles lie."""

    def documents(self) -> Iterator[Document | Skipped]:
        """Every document, one after another, so that a long import can be watched; what cannot be read is skipped."""


@dataclass(frozen=True)
class Fetched:
    """What a server gave. ``url``: where it was found after redirects; ``type``: media type in small letters."""

    url: str
    type: str
    encoding: str | None
    content: bytes


class Unfetchable(Exception):
    """A URL gives nothing; ``status`` is the answer's, or None where there was none."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


class Fetcher(Protocol):
    """Gets what lies at a URL."""

    def get(self, url: str, most_bytes: int) -> Fetched:
        """One GET with its redirects, all on the host of ``url``.

        Raises:
            Unfetchable: for every reason that there is, time, size, status and redirects included.
        """


class Time(Protocol):
    """The clock, and waiting."""

    def now(self) -> datetime:
        """The present moment, UTC."""

    def wait(self, seconds: float) -> None:
        """Let time pass."""


@dataclass(frozen=True)
class Suggestion:
    """A topic that an article may belong to, with its probability, 0 to 1."""

    topic: str
    probability: float


class Suggester(Protocol):
    """Says what an article is about."""

    def suggest(self, title: str, lead: str, language: str) -> tuple[Suggestion, ...]:
        """The likeliest topics, best first; none where nothing can be said."""
