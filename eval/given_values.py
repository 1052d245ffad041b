"""Every value that a reply may name: what was read, what the driver said, what the knowledge base holds. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import permutations
from typing import Any

from bot.dialogue.hours import hours
from bot.dialogue.steps import OneOf
from bot.events import Acted, BotSaid, Decided, DriverSaid, Event, HandedOver, Learned, Moved, Proposed, ToolRead
from bot.events import Understood as Heard
from bot.replies.values import written
from bot.state import ConversationState, state_of
from bot.tools.values import Money
from bot.types import Reply
from bot.understanding.commands import Command
from bot.understanding.emergency import emergency_numbers
from bot.understanding.locale import writing_locale
from eval.grounding import Known
from indexer.search import Index

READING_TAKES = timedelta(minutes=1)
"""A reading that a reply tells of is at most that old when the reply is kept."""


@dataclass(frozen=True)
class Pen:
    """How values are written for this driver at that moment."""

    locale: str
    timezone: str
    now: datetime

    def write(self, values: Iterable[Any]) -> Iterator[str]:
        """Each value in the words that a template may show."""
        for value in values:
            if isinstance(value, datetime) and value.tzinfo is None:
                continue
            yield str(written(value, self.locale, self.timezone, self.now))


def known_to(reply: Reply, events: Sequence[Event], index: Index, timezone: str) -> Known:
    """What was known when the last of ``events`` said the reply; ``timezone``: where the client says none."""
    state, turn, last = state_of(events), _turn(events), events[-1]
    locale = writing_locale(state.context.locale, reply.language)
    pen = Pen(locale, state.context.timezone or timezone, last.at)
    read = [value for event in turn for value in _read(event)]
    read += [last.at, last.at - READING_TAKES, *_vendor_values(index)]
    read += list(_differences(read))
    told = [value for event in events for value in _told(event)]
    return Known(
        read=frozenset(pen.write(read)),
        # Titles stand as they are: French ones keep their no-break spaces.
        told=frozenset(
            [*pen.write(told), *pen.write(_standing(state, index)), *(a.title for a in index.contents.articles)]
        ),
        vendor=state.vendor,
        country=state.context.country,
    )


def _turn(events: Sequence[Event]) -> Sequence[Event]:
    """The events since the reply before; all of them where an earlier reply is said again."""
    if any(isinstance(e.happening, Decided) and e.happening.decision.what == Command.REPEAT for e in events[-8:]):
        return events
    before = max((n for n, each in enumerate(events[:-1]) if isinstance(each.happening, BotSaid)), default=-1)
    return events[before + 1 :]


def _read(event: Event) -> Iterator[Any]:
    if isinstance(event.happening, ToolRead):
        yield from _leaves(event.happening.value)
        yield from _leaves(event.happening.arguments)


def _told(event: Event) -> Iterator[Any]:
    match event.happening:
        case DriverSaid(message=message):
            yield message.text
            yield len(message.attached.photos)
        case Heard(understanding=understanding):
            yield from (value for slot in understanding.slots for value in (slot.value, slot.raw))
        case Learned(facts=facts):
            yield from (fact.value for fact in facts if fact.value is not None)
        case Proposed(proposal=proposal):
            yield from _leaves(proposal.arguments)
            yield len(list(filter(None, proposal.arguments.get("photos", "").split(","))))
        case Acted(arguments=arguments, outcome=outcome):
            yield from _leaves(arguments)
            yield from _leaves(outcome.model_dump(mode="json"))
        case HandedOver(ticket=ticket):
            yield ticket or ""
        case Moved(stack=stack, ended=ended):
            yield from (value for each in (*stack, *([ended] if ended else [])) for value in each.arguments.values())
        case ToolRead():
            yield from _read(event)


def _standing(state: ConversationState, index: Index) -> Iterator[Any]:
    """What holds for every turn: names of languages, opening hours, emergency numbers, who the driver is."""
    yield from (each.name for each in index.languages.values())
    yield from (hours().opens.strftime("%H:%M"), hours().closes.strftime("%H:%M"))
    yield from filter(None, emergency_numbers(state.context.country).model_dump().values())
    if state.context.identity:
        yield state.context.identity.user


def _vendor_values(index: Index) -> Iterator[Any]:
    for vendor in index.vendors.values():
        for value in vendor.facts.values():
            if isinstance(value, list | tuple):
                yield OneOf(tuple(value))
            yield from _leaves(value)


def _leaves(value: Any) -> Iterator[Any]:
    """The single values in what was read, amounts and times as such beside their text."""
    match value:
        case {"amount": amount, "currency": currency}:
            yield Money(amount=Decimal(str(amount)), currency=currency)
        case Mapping():
            for each in value.values():
                yield from _leaves(each)
        case list() | tuple():
            for each in value:
                yield from _leaves(each)
        case str():
            yield value
            yield from _as_time(value)
            yield from _as_number(value)
        case None:
            return
        case _:
            yield value


def _as_time(value: str) -> Iterator[datetime]:
    try:
        yield datetime.fromisoformat(value)
    except ValueError:
        return


def _as_number(value: str) -> Iterator[Decimal]:
    try:
        yield Decimal(value)
    except InvalidOperation:
        return


def _differences(values: Sequence[Any]) -> Iterator[Money]:
    """What is missing from one amount to another (EP2)."""
    amounts = dict.fromkeys(each for each in values if isinstance(each, Money))
    for more, less in permutations(amounts, 2):
        if more.currency == less.currency and more.amount > less.amount:
            yield Money(amount=more.amount - less.amount, currency=more.currency)
