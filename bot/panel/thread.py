"""A conversation as the agent reads it: what was said, how it was understood, what was looked up and done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.care import (
    Assigned,
    Closed,
    Joined,
    Left,
    Linked,
    Merged,
    Noted,
    Person,
    PersonSaid,
    Reopened,
    Snoozed,
    Tagged,
    TopicCorrected,
    Withheld,
)
from bot.events import Acted, BotSaid, Decided, DriverSaid, Event, Fact, Rated, ToolRead, Understood
from bot.state import ConversationState
from bot.tools.values import Done
from bot.types import Decision, Understanding

Who = Literal["driver", "bot", "person", "notice", "note", "withheld", "step"]
SHOWN_TOPICS = 3
LONGEST_QUOTE = 160


@dataclass(frozen=True)
class Step:
    """Something that was looked up, done or set, told in one line: ``kind`` names the sentence."""

    kind: str
    values: tuple[str, ...] = ()
    moment: datetime | None = None
    """For sentences that tell of a time."""
    good: bool = True


@dataclass(frozen=True)
class Line:
    """One entry of the conversation."""

    number: int
    at: datetime
    who: Who
    name: str = ""
    """Of the person."""
    text: str = ""
    message: str = ""
    """The id of the driver's message, so that its topic can be corrected."""
    photos: tuple[str, ...] = ()
    position: tuple[float, float] | None = None
    heard: Understanding | None = None
    decision: Decision | None = None
    corrected: str | None = None
    """The topic that a person gave the message; ``none``: nothing that the knowledge base has."""
    urgent: bool = False
    step: Step | None = None

    @property
    def topics(self) -> tuple[tuple[str, float], ...]:
        """The likeliest topics, with their probabilities."""
        return tuple((each.id, each.score) for each in self.heard.topics[:SHOWN_TOPICS]) if self.heard else ()


@dataclass(frozen=True)
class Summary:
    """What an agent has to know first; each part is one line."""

    topic: str | None
    words: str
    """The driver's own, from the message that is about charging, or else the first."""
    facts: tuple[Fact, ...]
    looked: tuple[ToolRead, ...]
    done: tuple[Acted, ...]
    hazards: tuple[str, ...]


@dataclass(frozen=True)
class Thread:
    """A whole conversation."""

    id: str
    lines: tuple[Line, ...]
    state: ConversationState
    summary: Summary
    started_at: datetime
    tickets: tuple[str, ...]
    """That were filed or linked here."""

    @property
    def last(self) -> int:
        """Number of the last event."""
        return self.state.last


def thread_of(conversation: str, events: Sequence[Event], state: ConversationState) -> Thread:
    """The events of a conversation, ready to be shown."""
    return Thread(
        conversation,
        tuple(_lines(events)),
        state,
        _summary(events, state),
        events[0].at,
        tuple(_tickets(events, state)),
    )


def _lines(events: Sequence[Event]) -> Iterator[Line]:
    heard = {e.happening.message_id: e.happening.understanding for e in events if isinstance(e.happening, Understood)}
    decided = {e.happening.message_id: e.happening.decision for e in events if isinstance(e.happening, Decided)}
    corrected = {
        e.happening.message_id: e.happening.topic or "none" for e in events if isinstance(e.happening, TopicCorrected)
    }
    for event in events:
        number, at = event.number, event.at
        match event.happening:
            case DriverSaid(message=message):
                understood = heard.get(message.id)
                yield Line(
                    number, at, "driver", text=message.text, message=message.id, photos=message.attached.photos,
                    position=message.attached.position, heard=understood, decision=decided.get(message.id),
                    corrected=corrected.get(message.id), urgent=bool(understood and understood.hazards),
                )  # fmt: skip
            case BotSaid(reply=reply):
                yield Line(number, at, "bot", text=reply.text, urgent=reply.urgent)
            case Withheld(reply=reply):
                yield Line(number, at, "withheld", text=reply.text)
            case PersonSaid() as said:
                yield Line(number, at, "person", name=said.by.name, text=said.text)
            case Joined(by=by, notice=notice) | Left(by=by, notice=notice):
                yield Line(number, at, "notice", name=by.name, text=notice.text)
            case Noted() as note:
                yield Line(number, at, "note", name=note.by.name, text=note.text)
            case happening:
                step = _step(happening)
                if step is not None:
                    person = getattr(happening, "by", None)
                    yield Line(number, at, "step", name=person.name if isinstance(person, Person) else "", step=step)


def _step(happening: object) -> Step | None:
    match happening:
        case ToolRead() as read:
            return Step(f"read_{read.outcome}", (read.tool, *read.arguments.values()), good=read.outcome == "found")
        case Acted() as acted:
            outcome = acted.outcome
            reference = outcome.reference if isinstance(outcome, Done) and outcome.reference else ""
            return Step(f"acted_{outcome.kind}", (acted.action, reference), good=isinstance(outcome, Done))
        case Assigned(to=to):
            return Step("assigned", (to.name,)) if to else Step("unassigned")
        case Tagged(tags=tags):
            return Step("tagged", tags)
        case Snoozed(until=until):
            return Step("snoozed", moment=until) if until else Step("woken")
        case Closed(why=why):
            return Step("closed", (why,))
        case Reopened():
            return Step("reopened")
        case Merged(into=into):
            return Step("merged", (into,))
        case Linked(ticket=ticket):
            return Step("linked", (ticket,))
        case Rated(stars=stars, comment=comment):
            return Step("rated", (str(stars), comment or ""))
    return None


def _summary(events: Sequence[Event], state: ConversationState) -> Summary:
    said = [event.happening.message for event in events if isinstance(event.happening, DriverSaid)]
    heard = {e.happening.message_id: e.happening.understanding for e in events if isinstance(e.happening, Understood)}
    answers = [e.happening for e in events if isinstance(e.happening, Decided) and e.happening.decision.topics]
    about = next((each for each in answers if each.decision.topics[0] != "contact-support"), None)
    topic = about.decision.topics[0] if about else None
    words = next((each.text for each in said if about and each.id == about.message_id), said[0].text if said else "")
    if topic is None and said and (best := heard.get(said[0].id)) and best.topics:
        topic = best.topics[0].id
    return Summary(
        topic,
        _short(words),
        tuple(fact for fact in state.facts.values() if fact.value is not None),
        tuple(state.readings.values()),
        tuple(event.happening for event in events if isinstance(event.happening, Acted)),
        state.hazards,
    )


def _tickets(events: Iterable[Event], state: ConversationState) -> Iterable[str]:
    filed = [
        event.happening.outcome.reference
        for event in events
        if isinstance(event.happening, Acted)
        and isinstance(event.happening.outcome, Done)
        and event.happening.outcome.reference
    ]
    return dict.fromkeys((*filed, *state.care.tickets))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"
