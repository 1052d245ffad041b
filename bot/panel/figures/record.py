"""What is counted of a conversation: folded from its events, and from nothing else (product.md, 3.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, Self

from pydantic import Field

from bot.care import Care, PersonSaid, Reopened, TopicCorrected
from bot.care_fold import care_after
from bot.events import (
    BotSaid,
    ContextChanged,
    Decided,
    DriverSaid,
    Event,
    Feedback,
    HandedOver,
    Identified,
    Learned,
    Rated,
    Started,
    Understood,
)
from bot.panel.figures.asked import Asked, Suggested, Why
from bot.types import Context, Decision, Identity, Understanding, Value
from bot.understanding.locale import language_of
from indexer.knowledge import DRIVER_LANGUAGES

Matter = Literal["nothing", "open", "answered"]
"""Where the driver's latest matter stands: nothing was asked, it is open, or it was answered."""
LONGEST_QUESTION = 240
MOST_QUESTIONS = 200
"""Of one conversation; later ones are counted in nothing but its outcome."""
SETTLED, COMPLAINED = "works", "still"
"""What drivers say of an answer; see bot/understanding/commands."""


class Record(Value):
    """One conversation. Frozen; the same events always give the same record.

    Times never run backwards: an event that is dated before its predecessor counts as simultaneous with it.
    """

    conversation: str
    number: int = 0
    """Of the last event that stands in it."""
    started_at: datetime | None = None
    last_at: datetime | None = None
    """When the driver, the bot or a person spoke last."""
    at: datetime | None = None
    """The latest time of an event."""
    language: str | None = None
    vendor: str | None = None
    channel: str | None = None
    user: str | None = None
    """Who is signed in."""
    asked: tuple[Asked, ...] = ()
    matter: Matter = "nothing"
    helped: bool | None = None
    """The driver's last word on the latest matter; None: there is none."""
    rated_last: bool = False
    """Nothing was said of it, nor asked, after the stars."""
    returned_after: tuple[tuple[str, datetime, datetime], ...] = ()
    """A topic, when it was asked about before in this conversation, and when again."""
    care: Care = Field(default_factory=Care)
    """Without the ids of what people said."""
    handed_over: bool = False
    """A person was asked for, or came."""
    called: bool = False
    """A person was asked for before one came."""
    urgent: bool = False
    handled_s: float = 0.0
    """Seconds that people were there, of the times that they have left."""
    present_since: datetime | None = None
    reopened: int = 0
    stars: int | None = None
    suggested: Suggested = Suggested()

    @property
    def topics(self) -> tuple[str, ...]:
        """What it was about, in the order in which that came up."""
        return tuple(dict.fromkeys(each.topic for each in self.asked if each.topic))

    @property
    def first_response(self) -> timedelta | None:
        """From when a person was first asked for to a person's first word; None where one came unasked."""
        return _between(self.care.called_at, self.care.first_said_at) if self.called else None

    @property
    def waited(self) -> timedelta | None:
        """From when a person was first asked for to when one came; None where one came unasked."""
        return _between(self.care.called_at, self.care.joined_at) if self.called else None

    @property
    def handling(self) -> timedelta | None:
        """How long people were there; None while one still is, and where none was."""
        joined = self.care.joined_at and self.present_since is None
        return timedelta(seconds=self.handled_s) if joined else None

    def after(self, events: Iterable[Event]) -> Self:
        """The record once these have happened too, in order; what stands in it already is passed over."""
        record = self
        for event in events:
            if event.number > record.number:
                record = record._after(event)
        return record

    def _after(self, event: Event) -> Self:
        event = event if self.at is None or event.at >= self.at else event.model_copy(update={"at": self.at})
        care = replace(care_after(self.care, event), said=frozenset())
        called = bool(care.called_at or care.joined_at or care.waiting_since)
        changes: dict[str, object] = {
            "number": event.number, "at": event.at, "care": care, "urgent": self.urgent or care.urgent,
            "handed_over": self.handed_over or called, **self._presence(care, event.at),
        }  # fmt: skip
        if isinstance(event.happening, DriverSaid | BotSaid | PersonSaid):
            changes["last_at"] = event.at
        return self.model_copy(update=changes | self._counted(event))

    def _presence(self, care: Care, at: datetime) -> dict[str, object]:
        if care.person and self.present_since is None:
            return {"present_since": at}
        if care.person is None and self.present_since is not None:
            return {"present_since": None, "handled_s": self.handled_s + (at - self.present_since).total_seconds()}
        return {}

    def _counted(self, event: Event) -> dict[str, object]:
        match event.happening:
            case Started() as happening:
                return {"started_at": event.at, "last_at": event.at, **self._began(happening.context)}
            case Identified() as happening:
                return self._identified(happening.identity)
            case ContextChanged(locale=str(locale)):
                return {"language": language_of(locale, DRIVER_LANGUAGES) or self.language}
            case Learned() as happening:
                vendors = [fact.value for fact in happening.facts if fact.slot == "vendor"]
                return {"vendor": vendors[-1]} if vendors else {}
            case DriverSaid() as happening:
                choice, said = happening.message.choice, happening.message
                vendor = choice.value if choice and choice.kind == "vendor" else self.vendor
                asked = Asked(message=said.id, at=event.at, text=" ".join(said.text.split())[:LONGEST_QUESTION])
                before = self._chosen() if choice and choice.kind == "topic" else self.asked
                return {"vendor": vendor, "asked": (*before, asked)[:MOST_QUESTIONS]}
            case Understood() as happening:
                return self._understood(happening.message_id, happening.understanding)
            case Decided() as happening:
                return self._decided(happening.message_id, happening.decision, event.at)
            case BotSaid(message_id=str(message)) as happening:
                return self._told(message, happening)
            case HandedOver():
                return {"called": self.called or self.care.joined_at is None}
            case PersonSaid() as happening:
                return {"suggested": self.suggested.after(happening.suggestion)}
            case Feedback() as happening:
                return {"helped": happening.helped, "rated_last": False, "asked": self._judged(happening)}
            case Rated() as happening:
                return {"stars": happening.stars, "rated_last": True}
            case Reopened():
                return {"reopened": self.reopened + 1, "helped": None, "rated_last": False}
            case TopicCorrected() as happening:
                why: Why | None = None if happening.topic else "corrected"
                return {"asked": self._with(happening.message_id, topic=happening.topic, why=why)}
            case _:
                return {}

    def _began(self, context: Context) -> dict[str, object]:
        language = language_of(context.locale, DRIVER_LANGUAGES)
        known: dict[str, object] = {"vendor": context.vendor, "channel": context.channel, "language": language}
        identified = self.model_copy(update=known)._identified(context.identity) if context.identity else {}
        return known | identified

    def _identified(self, identity: Identity) -> dict[str, object]:
        language = self.language or language_of(identity.locale, DRIVER_LANGUAGES)
        return {"user": identity.user, "vendor": self.vendor or identity.vendor, "language": language}

    def _understood(self, message: str, heard: Understanding) -> dict[str, object]:
        nearest = heard.topics[0].id if heard.topics else None
        asked = self._with(message, language=heard.language, nearest=nearest)
        return {"language": heard.language, "vendor": heard.vendor or self.vendor, "asked": asked}

    def _decided(self, message: str, decision: Decision, at: datetime) -> dict[str, object]:
        said = decision.what if decision.kind in ("command", "inform") else None
        if said in (SETTLED, COMPLAINED):
            return {"helped": said == SETTLED, "rated_last": False, "asked": self._without(message)}
        if decision.kind == "thanks":
            helped = True if self.matter == "answered" and self.helped is None else self.helped
            return {"helped": helped, "asked": self._without(message)}
        if decision.kind == "greeting":
            return {"asked": self._without(message)}
        if decision.kind in ("none", "choices"):
            return self._opened() | {"asked": self._with(message, why=decision.kind)}
        if decision.kind not in ("answer", "danger", "flow"):
            return {"asked": self._without(message)}
        topic = decision.topics[0] if decision.topics else None
        before = [each.at for each in self.asked if topic and each.topic == topic and each.message != message]
        again = ((topic, before[-1], at),) if before else ()
        asked = self._with(message, topic=topic)
        return self._opened() | {"asked": asked, "returned_after": (*self.returned_after, *again)}

    def _opened(self) -> dict[str, object]:
        """A new matter: what was said of the one before does not count for it."""
        return {"helped": None, "rated_last": False, "matter": "open"}

    def _told(self, message: str, happening: BotSaid) -> dict[str, object]:
        reply = happening.reply
        if self.matter == "nothing":
            return {}
        matter: Matter = "answered" if reply.decision == "answer" and reply.expects is None else self.matter
        if reply.expects is not None:
            matter = "open"
        return {"matter": matter, "asked": self._with(message, reply=reply.id)}

    def _judged(self, given: Feedback) -> tuple[Asked, ...]:
        def judged(each: Asked) -> Asked:
            if each.reply != given.reply:
                return each
            if given.helped:
                return each.model_copy(update={"why": None}) if each.why == "not_helped" else each
            return each.model_copy(update={"why": each.why or "not_helped"})

        return tuple(map(judged, self.asked))

    def _chosen(self) -> tuple[Asked, ...]:
        """The driver chose one of the topics that were offered: what was asked before is no open question any more."""
        last = self.asked[-1] if self.asked else None
        if last is None or last.why != "choices":
            return self.asked
        return (*self.asked[:-1], last.model_copy(update={"why": None}))

    def _with(self, message: str, **changes: object) -> tuple[Asked, ...]:
        return tuple(each.model_copy(update=changes) if each.message == message else each for each in self.asked)

    def _without(self, message: str) -> tuple[Asked, ...]:
        """It asked for nothing."""
        return tuple(each for each in self.asked if each.message != message)


def _between(begin: datetime | None, end: datetime | None) -> timedelta | None:
    return max(timedelta(), end - begin) if begin and end else None
