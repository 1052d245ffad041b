"""Conversations for tests of the inbox, written as events, and random ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.care import (
    Assigned,
    Closed,
    Joined,
    Left,
    Linked,
    Noted,
    Notice,
    Person,
    PersonSaid,
    Reopened,
    Snoozed,
    Tagged,
    TopicCorrected,
)
from bot.events import (
    BotSaid,
    ContextChanged,
    Decided,
    DriverSaid,
    Endangered,
    Event,
    Fact,
    Feedback,
    HandedOver,
    Happening,
    Identified,
    Learned,
    Rated,
    Started,
    Understood,
)
from bot.types import Context, Decision, Identity, Message, TemplateOrigin
from tests.doubles import a_reply, an_understanding

NINE = datetime(2026, 11, 21, 9, tzinfo=UTC)
KARI, LUC = Person(id="a-agent", name="Kari"), Person(id="a-luc", name="Luc")
NOTICE = Notice(text="Kari is here.", origin=TemplateOrigin(template="care/joined", language="en"))


def said(text: str, identity: str = "m") -> DriverSaid:
    return DriverSaid(message=Message(id=identity, text=text))


def answered(text: str) -> BotSaid:
    return BotSaid(message_id="m", reply=a_reply(text=text))


def understood(**changes: object) -> Understood:
    return Understood(message_id="m", understanding=an_understanding(**changes))


def endangered(*hazards: str) -> Endangered:
    return Endangered(hazards=hazards)


def called(urgent: bool = False, ticket: str | None = "T-1") -> HandedOver:
    return HandedOver(ticket=ticket, urgent=urgent, reason="asked for")


def joined(by: Person = KARI) -> Joined:
    return Joined(by=by, notice=NOTICE)


def left(by: Person = KARI, why: str = "handed_back") -> Left:
    return Left.model_validate({"by": by, "why": why, "notice": NOTICE})


def wrote(text: str, by: Person = KARI, identity: str = "p") -> PersonSaid:
    return PersonSaid(id=identity, by=by, text=text, language="en")


def noted(text: str, by: Person = KARI) -> Noted:
    return Noted(id=f"n-{text}", by=by, text=text)


def learned(forgotten: tuple[str, ...] = (), **facts: str | None) -> Learned:
    known = tuple(Fact(slot=slot, value=value, source="driver") for slot, value in facts.items())
    return Learned(facts=known, forgotten=forgotten)


def events(
    *happenings: Happening, context: Context | None = None, at: datetime = NINE, apart: timedelta = timedelta(minutes=1)
) -> list[Event]:
    """A conversation in which these happened one after the other, beginning at ``at``."""
    all_of_it = [Started(context=context or Context()), *happenings]
    return [Event(number=n, at=at + n * apart, happening=each) for n, each in enumerate(all_of_it, 1)]


WORDS = [
    "lader",
    "ikke",
    "kabelen",
    "sitter",
    "fast",
    "ouvre",
    "la",
    "prise",
    "Rückerstattung",
    "café",
    "4521",
    "smoke",
]


def random_events(seed: int, length: int) -> list[Event]:
    """A conversation in which anything happens that can, in any order."""
    dice = random.Random(seed)

    def text() -> str:
        return " ".join(dice.choices(WORDS, k=dice.randint(1, 6)))

    def person() -> Person:
        return dice.choice((KARI, LUC))

    def one() -> str | None:
        return dice.choice(("4521", "40711", "310244", None))

    now = NINE
    kinds: Sequence[Callable[[], Happening]] = (
        lambda: said(text()),
        lambda: said(text()),
        lambda: answered(text()),
        lambda: understood(
            language=dice.choice(("en", "fr", "nb")), vendor=dice.choice((None, "eponet")),
            hazards=dice.choice(((), ("smoke",))),
        ),
        lambda: endangered(dice.choice(("fire", "heat"))),
        lambda: called(dice.random() < 0.3, dice.choice((None, "T-1", "T-2"))),
        lambda: joined(person()),
        lambda: left(person(), dice.choice(("handed_back", "went_away", "closed"))),
        lambda: wrote(text(), person(), text()),
        lambda: noted(text(), person()),
        lambda: Assigned(by=person(), to=dice.choice((KARI, LUC, None))),
        lambda: Tagged(by=person(), tags=tuple(dice.sample(("refund", "vip", "cable"), 2))),
        lambda: Snoozed(by=person(), until=dice.choice((None, now + timedelta(minutes=dice.randint(1, 30))))),
        lambda: Closed(by=person(), why="solved"),
        lambda: Reopened(by=person()),
        lambda: Linked(by=person(), ticket=dice.choice(("T-2", "T-3"))),
        lambda: TopicCorrected(by=person(), message_id="m", topic=dice.choice((None, "lost-pass"))),
        lambda: learned(station=one(), vendor=dice.choice(("eponet", "wallbox"))),
        lambda: learned(("station",), account=one()),
        lambda: ContextChanged(facts=(Fact(slot="charger", value=one(), source="app"),)),
        lambda: Decided(message_id="m", decision=Decision(kind="answer", topics=("cable-stuck",), reason="sure")),
        lambda: Feedback(reply="r-1", helped=dice.random() < 0.5),
        lambda: Rated(stars=dice.randint(1, 5), comment=dice.choice((None, text()))),
        lambda: Identified(identity=Identity(user="ane", accounts=dice.choice(((), ("40711",))))),
    )  # fmt: skip
    found = [Event(number=1, at=now, happening=Started(context=Context(locale="nb-NO")))]
    for number in range(2, length + 2):
        now += timedelta(seconds=dice.randint(1, 600))
        found.append(Event(number=number, at=now, happening=dice.choice(kinds)()))
    return found
