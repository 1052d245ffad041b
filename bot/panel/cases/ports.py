"""What keeps cases, and how they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, get_args

from bot.care import Stage
from bot.panel.cases.case import Case, Line

View = Literal["waiting", "mine", "snoozed", "closed", "all"]
VIEWS: tuple[View, ...] = get_args(View)
STAGES: tuple[Stage, ...] = get_args(Stage)
Found = Literal["conversation", "account", "station", "charger", "ticket", "user", "text"]
START = 0
"""The mark before everything."""


@dataclass(frozen=True)
class Filter:
    """Which cases are wanted; None: any."""

    view: View = "all"
    me: str = ""
    """The id of the agent whose cases are in the view ``mine``."""
    language: str | None = None
    vendor: str | None = None
    channel: str | None = None
    """Empty: those that came by no messenger."""
    stage: Stage | None = None
    tag: str | None = None
    keeper: str | None = None
    """The id of who looks after it; empty: nobody does."""


@dataclass(frozen=True)
class Place:
    """Where a page ends: the next one begins behind it, whatever came in between."""

    calm: int
    rank: float
    id: int


@dataclass(frozen=True)
class Page:
    """Cases in order: urgent ones first, then who has waited longest, then the newest."""

    cases: tuple[Case, ...]
    next: Place | None
    """None: there are no more."""


@dataclass(frozen=True)
class Counts:
    """How many cases each view has, and how many of those that wait are urgent."""

    waiting: int = 0
    urgent: int = 0
    mine: int = 0
    snoozed: int = 0
    closed: int = 0
    all: int = 0


@dataclass(frozen=True)
class Waiting:
    """How many cases wait for a person, and how many of them are urgent."""

    waiting: int
    urgent: int


@dataclass(frozen=True)
class Choices:
    """What there is to filter by."""

    languages: tuple[str, ...]
    vendors: tuple[str, ...]
    channels: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Excerpt:
    """A piece of what was said; ``hit``: it is what was looked for."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Hit:
    """A case that was found, and by what."""

    case: Case
    by: Found
    excerpt: tuple[Excerpt, ...] = ()


@dataclass(frozen=True)
class Change:
    """A case that moved on from the event ``before``, and what was said since."""

    before: int
    case: Case
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Mark:
    """How far the events of a store were gone through."""

    version: int
    """Of the projection."""
    source: str
    """The store's URL: another store has other events."""
    mark: int


class Cases(Protocol):
    """Keeps cases and what was said in them. Safe to use from several threads and processes."""

    def of(self, conversations: Collection[str]) -> Mapping[str, Case]:
        """The cases of those conversations that have one."""

    def put(self, changes: Sequence[Change]) -> frozenset[str]:
        """Keep cases, each if it still stands at ``before``.

        Returns:
            The conversations that somebody else had moved on meanwhile; look at them again.
        """

    def wake(self, now: datetime) -> Sequence[tuple[Case, Case]]:
        """Let what was snoozed until now or before wait again; each case before and after, once."""

    def page(self, wanted: Filter, after: Place | None, limit: int) -> Page:
        """So many cases, in the order of :class:`Page`."""

    def counts(self, wanted: Filter) -> Counts:
        """How many each view has; the filter's own view does not matter."""

    def waiting(self) -> Waiting:
        """How many wait; cheaper than all counts."""

    def choices(self) -> Choices:
        """What there is to filter by now."""

    def search(self, text: str, limit: int) -> Sequence[Hit]:
        """Cases by an id of theirs, then those in which every word was said, the newest first of each.

        A word may be the beginning of one; case and accents do not matter. The text is data: nothing in it is syntax.
        """

    def of_driver(self, user: str, limit: int) -> Sequence[Case]:
        """The cases of who is signed in, the newest first."""

    def mark(self) -> Mark | None:
        """How far was gone; None: nothing was done yet."""

    def advance(self, before: int, after: int) -> bool:
        """Note that more was gone through; False, and nothing is noted, where somebody else did meanwhile."""

    def begin_anew(self, version: int, source: str) -> None:
        """Forget every case, and go through everything again."""
