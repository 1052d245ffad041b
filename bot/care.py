"""How people look after a conversation: what they can do in it, and where it stands with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pydantic import Field

from bot.types import Reply, TemplateOrigin, Value

Departure = Literal["handed_back", "went_away", "closed"]
Stage = Literal["bot", "waiting", "person", "snoozed", "closed"]


class Person(Value):
    """Somebody of the support team; the driver sees the name."""

    id: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=80)


class Notice(Value):
    """What the driver is told of people who come and go, in their language."""

    text: str
    origin: TemplateOrigin


class Joined(Value):
    """A person took over; from here on the bot is silent."""

    type: Literal["joined"] = "joined"
    by: Person
    notice: Notice


class Left(Value):
    """The person is gone: the bot goes on, or somebody else is waited for, or all is done."""

    type: Literal["left"] = "left"
    by: Person
    why: Departure
    notice: Notice


class SuggestionUse(Value):
    """What became of the replies that were suggested for a message."""

    offered: tuple[str, ...]
    """Ids of the suggestions, best first; each names what it was made of, such as ``article:de/cable-stuck#lead``."""
    used: str | None = None
    """The one that the person began from."""
    distance: float = Field(0.0, ge=0.0, le=1.0)
    """How much of it was changed: 0 as is, 1 nothing left (normalised Levenshtein distance of the texts)."""


class PersonSaid(Value):
    """A person wrote to the driver."""

    type: Literal["person_said"] = "person_said"
    id: str
    """Of the sender; the same id twice is one message."""
    by: Person
    text: str
    language: str
    """Of the driver, for who reads it aloud."""
    suggestion: SuggestionUse | None = None


class Withheld(Value):
    """What the bot would have said unasked, had no person been there; for the person."""

    type: Literal["withheld"] = "withheld"
    reply: Reply


class Noted(Value):
    """A note among colleagues; the driver never sees it."""

    type: Literal["noted"] = "noted"
    id: str
    by: Person
    text: str


class Assigned(Value):
    """Somebody is to look after it; None: nobody in particular."""

    type: Literal["assigned"] = "assigned"
    by: Person
    to: Person | None


class Tagged(Value):
    """All tags that it has from now on."""

    type: Literal["tagged"] = "tagged"
    by: Person
    tags: tuple[str, ...]


class Snoozed(Value):
    """It is out of the way until then, or until the driver writes; None: it is not, any more."""

    type: Literal["snoozed"] = "snoozed"
    by: Person
    until: datetime | None


class Closed(Value):
    """Done. It opens by itself when the driver writes again."""

    type: Literal["closed"] = "closed"
    by: Person
    why: str


class Reopened(Value):
    """Not done after all."""

    type: Literal["reopened"] = "reopened"
    by: Person


class Merged(Value):
    """The same matter goes on in another conversation, which its people should read."""

    type: Literal["merged"] = "merged"
    by: Person
    into: str


class Linked(Value):
    """A ticket belongs to it."""

    type: Literal["linked"] = "linked"
    by: Person
    ticket: str


class TopicCorrected(Value):
    """A person says what a message was about; None: nothing that the knowledge base has."""

    type: Literal["topic_corrected"] = "topic_corrected"
    by: Person
    message_id: str
    topic: str | None


CareHappening = (
    Joined | Left | PersonSaid | Withheld | Noted | Assigned | Tagged | Snoozed | Closed | Reopened | Merged | Linked
    | TopicCorrected
)  # fmt: skip


@dataclass(frozen=True)
class Care:
    """Where a conversation stands with people; folded from its events."""

    person: Person | None = None
    """Who talks with the driver now; while there is one, the bot is silent."""
    assigned: Person | None = None
    waiting_since: datetime | None = None
    """Since when a person is waited for, and none is there."""
    unanswered_since: datetime | None = None
    """The driver's first message that the person who is there has not answered."""
    urgent: bool = False
    """It is about danger, and nobody has closed it since."""
    called_at: datetime | None = None
    """When a person was first asked for."""
    joined_at: datetime | None = None
    """When one first came."""
    first_said_at: datetime | None = None
    """When one first wrote."""
    said: frozenset[str] = frozenset()
    """Ids of what people wrote and noted."""
    snoozed_until: datetime | None = None
    closed: Closed | None = None
    tags: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    merged_into: str | None = None

    @property
    def stage(self) -> Stage:
        """With whom it is."""
        if self.closed:
            return "closed"
        if self.person:
            return "person"
        if self.snoozed_until:
            return "snoozed"
        return "waiting" if self.waiting_since else "bot"

    def called(self, at: datetime, urgent: bool) -> Care:
        """A person is asked for."""
        waiting = None if self.person else self.waiting_since or at
        care = replace(self, waiting_since=waiting, called_at=self.called_at or at, urgent=self.urgent or urgent)
        return replace(care, closed=None)

    def heard(self, at: datetime) -> Care:
        """The driver wrote."""
        care = replace(self, closed=None, snoozed_until=None)
        return replace(care, unanswered_since=care.unanswered_since or at) if care.person else care

    def after(self, happening: CareHappening, at: datetime) -> Care:
        """The same once ``happening`` has happened too."""
        match happening:
            case Joined():
                care = replace(self, person=happening.by, assigned=happening.by, closed=None, snoozed_until=None)
                return replace(
                    care,
                    waiting_since=None,
                    unanswered_since=self.waiting_since,
                    joined_at=self.joined_at or at,
                    called_at=self.called_at or at,
                )
            case Left():
                waiting = self.unanswered_since or at if happening.why == "went_away" else None
                return replace(self, person=None, unanswered_since=None, waiting_since=waiting)
            case PersonSaid():
                care = replace(self, unanswered_since=None, first_said_at=self.first_said_at or at)
                return replace(care, said=self.said | {happening.id})
            case Noted():
                return replace(self, said=self.said | {happening.id})
            case Assigned():
                return replace(self, assigned=happening.to)
            case Tagged():
                return replace(self, tags=happening.tags)
            case Snoozed():
                return replace(self, snoozed_until=happening.until)
            case Closed():
                care = replace(self, closed=happening, person=None, urgent=False, snoozed_until=None)
                return replace(care, waiting_since=None, unanswered_since=None)
            case Reopened():
                return replace(self, closed=None, waiting_since=at)
            case Merged():
                return replace(self, merged_into=happening.into)
            case Linked():
                return replace(self, tickets=tuple(dict.fromkeys((*self.tickets, happening.ticket))))
            case Withheld() | TopicCorrected():
                return self
