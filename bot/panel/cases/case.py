"""A conversation as the inbox shows it: folded from its events, and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from bot.care import (
    Assigned,
    Care,
    Joined,
    Left,
    Linked,
    Noted,
    Person,
    PersonSaid,
    Reopened,
    Stage,
    TopicCorrected,
    Withheld,
)
from bot.care_fold import care_after
from bot.events import (
    Acted,
    BotSaid,
    ContextChanged,
    Decided,
    DriverSaid,
    Endangered,
    Event,
    Fact,
    Feedback,
    HandedOver,
    Identified,
    Learned,
    Rated,
    Started,
    Understood,
)
from bot.tools.values import Done
from bot.types import Context, Identity, Value
from bot.understanding.locale import language_of
from indexer.knowledge import DRIVER_LANGUAGES

Who = Literal["driver", "bot", "person", "note"]
LONGEST_LINE = 240
"""Letters of a line that the inbox shows."""
SLOTS = ("account", "station", "charger")


class Line(Value):
    """Something that was said or noted, by whom and when."""

    number: int
    """Of its event."""
    who: Who
    name: str = ""
    """Of the person, where one of the team said or noted it."""
    text: str
    at: datetime


class Case(Value):
    """Where a conversation stands, and by what it is found. Frozen; the same events always give the same case."""

    conversation: str
    number: int = 0
    """Of the last event that stands in it."""
    care: Care = Field(default_factory=Care)
    """Without the ids of what people said."""
    started_at: datetime | None = None
    last_at: datetime | None = None
    """When something was said or noted last, or people did something."""
    last: Line | None = None
    """Cut to what the inbox shows."""
    language: str | None = None
    vendor: str | None = None
    channel: str | None = None
    user: str | None = None
    """Who is signed in."""
    topic: str | None = None
    hazards: tuple[str, ...] = ()
    """Kinds of danger that were told of or reported by a charger, in the order in which they came."""
    facts: Mapping[str, str] = Field(default_factory=dict)
    """What of :data:`SLOTS` is known."""
    tickets: tuple[str, ...] = ()
    """Of hand-overs, actions and those that people linked, in order."""
    let_go: bool = False
    """Who last looked after it handed it back, and nobody was asked for since."""
    due: bool = False
    """It was snoozed until a moment that has come."""
    stars: int | None = None
    helped: bool | None = None
    """What the driver last said of a reply."""

    @property
    def stage(self) -> Stage:
        """With whom it is; what was snoozed waits again when its time has come."""
        return "waiting" if self.due else self.care.stage

    @property
    def urgent(self) -> bool:
        """It is about danger, and nobody has closed it since."""
        return self.care.urgent

    @property
    def keeper(self) -> Person | None:
        """Who looks after it: who is there, else who is to; nobody once it was handed back to the bot or closed."""
        if self.care.closed:
            return None
        return self.care.person or (None if self.let_go and self.stage == "bot" else self.care.assigned)

    @property
    def since(self) -> datetime | None:
        """Since when the driver waits for a person's word; what comes back from a snooze waits from then."""
        if self.due:
            return self.care.snoozed_until
        return {"waiting": self.care.waiting_since, "person": self.care.unanswered_since}.get(self.stage)

    @property
    def account(self) -> str | None:
        """The account's number."""
        return self.facts.get("account")

    @property
    def station(self) -> str | None:
        """The station, as the driver or the app named it."""
        return self.facts.get("station")

    @property
    def charger(self) -> str | None:
        """The charger's id."""
        return self.facts.get("charger")

    def after(self, events: Iterable[Event]) -> Self:
        """The case once these have happened too, in order; what stands in it already is passed over."""
        case = self
        for event in events:
            if event.number > case.number:
                case = case._after(event)
        return case

    def at(self, moment: datetime) -> Self:
        """The same case at that moment: a snooze may be over."""
        until = self.care.snoozed_until
        due = self.care.stage == "snoozed" and until is not None and until <= moment
        return self if due == self.due else self._with(due=due)

    def _after(self, event: Event) -> Self:
        care = replace(care_after(self.care, event), said=frozenset())
        changes: dict[str, object] = {"number": event.number, "care": care}
        line = line_of(event)
        if line or care != self.care:
            changes["last_at"] = event.at
        if line:
            changes["last"] = line.model_copy(update={"text": " ".join(line.text.split())[:LONGEST_LINE]})
        return self._with(**(changes | self._learned(event))).at(event.at)

    def _learned(self, event: Event) -> dict[str, object]:
        match event.happening:
            case Started() as happening:
                return {"started_at": event.at, "last_at": event.at} | self._began(happening.context)
            case Identified() as happening:
                return self._identified(happening.identity)
            case DriverSaid() as happening:
                choice = happening.message.choice
                return {"vendor": choice.value} if choice and choice.kind == "vendor" else {}
            case Understood() as happening:
                heard = happening.understanding
                return {"language": heard.language, "vendor": heard.vendor or self.vendor}
            case Decided() as happening:
                return {"topic": happening.decision.topics[0]} if happening.decision.topics else {}
            case TopicCorrected() as happening:
                return {"topic": happening.topic}
            case Endangered() as happening:
                return {"hazards": tuple(dict.fromkeys((*self.hazards, *happening.hazards)))}
            case Learned() as happening:
                return self._told(happening.facts, happening.forgotten)
            case ContextChanged() as happening:
                spoken = {"language": _language(happening.locale) or self.language} if happening.locale else {}
                return self._told(happening.facts, ()) | spoken
            case HandedOver() as happening:
                return {"let_go": False} | self._ticket(happening.ticket)
            case Acted() as happening:
                outcome = happening.outcome
                return self._ticket(outcome.reference) if isinstance(outcome, Done) else {}
            case Left() as happening:
                return {"let_go": happening.why == "handed_back"}
            case Feedback() as happening:
                return {"helped": happening.helped}
            case Rated() as happening:
                return {"stars": happening.stars}
            case Joined() | Assigned() | Reopened():
                return {"let_go": False}
            case Linked() as happening:
                return self._ticket(happening.ticket)
        return {}

    def _began(self, context: Context) -> dict[str, object]:
        known: dict[str, object] = {
            "vendor": context.vendor,
            "channel": context.channel,
            "language": _language(context.locale),
        }
        return known | (self._with(**known)._identified(context.identity) if context.identity else {})

    def _identified(self, identity: Identity) -> dict[str, object]:
        own = {"account": identity.accounts[0]} if len(identity.accounts) == 1 else {}
        known = {"user": identity.user, "vendor": self.vendor or identity.vendor, "facts": {**self.facts, **own}}
        return {**known, "language": self.language or _language(identity.locale)}

    def _told(self, facts: Iterable[Fact], forgotten: Iterable[str]) -> dict[str, object]:
        told = {fact.slot: fact.value for fact in facts}
        kept = {slot: value for slot, value in self.facts.items() if slot not in forgotten and slot not in told}
        known = {slot: value for slot, value in told.items() if slot in SLOTS and value is not None}
        changes: dict[str, object] = {"facts": kept | known}
        return {**changes, "vendor": told["vendor"]} if "vendor" in told else changes

    def _ticket(self, ticket: str | None) -> dict[str, object]:
        return {"tickets": tuple(dict.fromkeys((*self.tickets, ticket)))} if ticket else {}

    def _with(self, **changes: object) -> Self:
        return self.model_copy(update=changes)


def line_of(event: Event) -> Line | None:
    """What was said or noted, if something was; None for all else."""

    def line(who: Who, text: str, name: str = "") -> Line:
        return Line(number=event.number, who=who, name=name, text=text, at=event.at)

    match event.happening:
        case DriverSaid() as happening:
            return line("driver", happening.message.text)
        case BotSaid() as happening:
            return line("bot", happening.reply.text)
        case PersonSaid() as happening:
            return line("person", happening.text, happening.by.name)
        case Noted() as happening:
            return line("note", happening.text, happening.by.name)
        case Withheld() as happening:
            return line("note", happening.reply.text)
        case Rated(comment=str(comment)):
            return line("driver", comment)
    return None


def _language(locale: str | None) -> str | None:
    """The language of a BCP 47 tag, where drivers may write it."""
    return language_of(locale, DRIVER_LANGUAGES)
