"""Made-up conversations of a year, and agents who are signed in: what the panel is measured with."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.adapters.panel.sqlite import PanelFile, SqliteAgents, SqliteSessions
from bot.care import Closed, Joined, Noted, Notice, Person, PersonSaid, Tagged
from bot.events import BotSaid, Decided, DriverSaid, Event, Fact, HandedOver, Happening, Learned, Started, Understood
from bot.panel.cases.case import Case, line_of
from bot.panel.cases.ports import Cases, Change
from bot.panel.figures.ports import Records
from bot.panel.figures.record import Record
from bot.panel.values import Agent
from bot.types import Context, Decision, Identity, Message, Reply, TemplateOrigin, TextPart, Topic, Understanding

PEOPLE = tuple(Person(id=f"a-{number}", name=f"Agent {number}") for number in range(50))
LANGUAGES = ("en", "fr", "de", "it", "nb")
VENDORS = ("eponet", "enelx", "mbrella", "chargepoint", "wallbox")
TOPICS = ("cable-stuck", "lost-pass", "minimum-balance", "status-lights", "remote-restart")
RARE = 4_000
"""Different words besides the frequent ones."""
AT_ONCE = 500
FREQUENT = (
    "lader", "ikke", "kabelen", "sitter", "fast", "ouvre", "la", "prise", "Rückerstattung", "café", "station",
    "charging", "stopped", "account",
)  # fmt: skip


def conversation(seed: int, now: datetime) -> list[Event]:
    """A made-up conversation of some minute of the last year; the same seed always gives the same."""
    dice = random.Random(seed)
    language, person = dice.choice(LANGUAGES), dice.choice(PEOPLE)
    notice = Notice(text="", origin=TemplateOrigin(template="care/joined", language=language))

    def text(most: int) -> str:
        rare = [f"rare{dice.randrange(RARE)}" for _ in range(3)]
        return " ".join([*dice.choices(FREQUENT, k=dice.randint(2, most)), *rare])

    identity = Identity(user=f"user{dice.randrange(20_000)}") if dice.random() < 0.5 else None
    channel = dice.choice((None, None, "matrix", "telegram"))
    happenings: list[Happening] = [
        Started(context=Context(identity=identity, channel=channel, vendor=dice.choice(VENDORS)))
    ]
    for turn in range(dice.randint(1, 5)):
        happenings += _turn(f"m{turn}", text(12), text(40), language, dice)
    if dice.random() < 0.4:
        happenings.append(HandedOver(ticket=f"R-{seed}", urgent=dice.random() < 0.02, reason="asked for"))
        if dice.random() < 0.98:
            happenings += [
                Joined(by=person, notice=notice),
                PersonSaid(id="p", by=person, text=text(20), language=language),
            ]
            happenings.append(Noted(id="n", by=person, text=text(10)))
            happenings += [Tagged(by=person, tags=(dice.choice(("vip", "refund", "cable")),))] * (dice.random() < 0.3)
            happenings += [Closed(by=person, why="solved")] * (dice.random() < 0.97)
    began = now - timedelta(minutes=dice.randrange(1, 365 * 24 * 60))
    return [
        Event(number=n, at=began + n * timedelta(seconds=1), happening=each) for n, each in enumerate(happenings, 1)
    ]


def _turn(identity: str, asked: str, answered: str, language: str, dice: random.Random) -> list[Happening]:
    topic = dice.choice(TOPICS)
    understanding = Understanding(
        language=language, language_source="message", language_confidence=1.0, topics=(Topic(id=topic, score=0.9),),
        confidence=0.9, classes={}, vendor=None, passages=(),
    )  # fmt: skip
    part = TextPart(text=answered, origin=TemplateOrigin(template="none", language=language))
    reply = Reply(
        id=f"r-{identity}", language=language, decision="answer", topic=topic, confidence=0.9, parts=(part,),
        quick_replies=(), sources=(), text=answered,
    )  # fmt: skip
    station = Fact(slot="station", value=str(dice.randrange(3_000, 9_000)), source="driver")
    return [
        DriverSaid(message=Message(id=identity, text=asked)),
        Understood(message_id=identity, understanding=understanding),
        Decided(message_id=identity, decision=Decision(kind="answer", topics=(topic,), reason="sure")),
        *([Learned(facts=(station,))] if dice.random() < 0.3 else []),
        BotSaid(message_id=identity, reply=reply),
    ]


def fill(cases: Cases, records: Records, count: int, now: datetime) -> None:
    """Keep so many made-up conversations, in the inbox and in the figures."""
    for seeds in _portions(count):
        changes, counted = [], []
        for seed in seeds:
            log, name = conversation(seed, now), f"synthetic-{seed}"
            lines = tuple(line for event in log if (line := line_of(event)))
            changes.append(Change(0, Case(conversation=name).after(log), lines))
            counted.append((0, Record(conversation=name).after(log)))
        cases.put(changes)
        records.put(counted)


def _portions(count: int) -> Iterator[Iterable[int]]:
    return (range(first, min(count, first + AT_ONCE)) for first in range(0, count, AT_ONCE))


def signed_in(file: PanelFile, now: datetime, count: int) -> list[str]:
    """Make so many accounts, of leads, who may open every page that is measured; the secrets of their sessions."""
    agents, sessions = SqliteAgents(file), SqliteSessions(file)
    for person in PEOPLE[:count]:
        email = f"{person.id}@example.org"
        agents.add(Agent(id=person.id, name=person.name, email=email, role="lead", language="en", created_at=now))
    return [sessions.begin(person.id, now) for person in PEOPLE[:count]]
