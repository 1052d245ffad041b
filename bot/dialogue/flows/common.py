"""Steps that several flows share."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

from bot.dialogue.states import Meaning, meaning_of
from bot.dialogue.steps import (
    Driver,
    Reading,
    Request,
    ask,
    invite,
    offer,
    read_account,
    read_charger,
    read_station,
    reject,
    say,
    show,
)
from bot.tools.values import Account, Charger, Outcome, Refused, Station, Unsure
from bot.understanding.slots import Slot

T = TypeVar("T")
Existing = Generator[Request, Any, Reading[T] | None]


def _existing(slot: Slot, read: Callable[[str], Generator[Request, Any, Reading[T]]], about: str | None) -> Existing[T]:
    """What the driver names, read; asked again until it exists; None where they do not have it."""
    while True:
        value = yield from ask(slot, about)
        if value is None:
            return None
        reading = yield from read(value)
        if reading.outcome != "missing":
            return reading
        yield from reject(slot, value)


def the_station(about: str | None = None) -> Existing[Station]:
    """The station that the driver means."""
    return (yield from _existing(Slot.STATION, read_station, about))


def named_station(driver: Driver, about: str) -> Existing[Station]:
    """The station that the driver may name, read, after the article that needs no number; None where there is none."""
    if not driver.has(Slot.STATION):
        yield from show(driver.topic)
        _, value = yield from invite(Slot.STATION, about=about)
        if value is None:
            yield from say("not_charging/without_number")
            return None
    reading = yield from the_station()
    return reading if reading is not None and (yield from readable(reading, "station")) else None


def the_account(about: str | None = None) -> Existing[Account]:
    """The account that the driver means."""
    return (yield from _existing(Slot.ACCOUNT, read_account, about))


def the_charger(about: str | None = None) -> Existing[Charger]:
    """The charger that the driver means."""
    return (yield from _existing(Slot.CHARGER, read_charger, about))


def readable(reading: Reading[Any], about: str) -> Generator[Request, Any, bool]:
    """Whether there is a value; says why where there is none. ``about`` names the folder of its templates."""
    if reading.outcome in ("unknown", "forbidden"):
        yield from say(f"{about}/{'unreadable' if reading.outcome == 'unknown' else 'forbidden'}", reading)
        if reading.outcome == "unknown":
            yield from offer("again")
        return False
    return reading.value is not None


def tell_station(reading: Reading[Station], driver: Driver) -> Generator[Request, Any, Meaning]:
    """Say how the station is, as it was last heard of."""
    station = reading.found
    meaning = meaning_of(station, driver.now)
    yield from say(meaning.say, reading, station=station.number, at=station.heard_at or reading.at)
    return meaning


def told_outcome(outcome: Outcome | None, action: str) -> Generator[Request, Any, bool]:
    """Say what became of an action that did not run; True where it ran and the flow has more to say."""
    match outcome:
        case None:
            yield from say(f"{action}/not_done")
        case Refused(reason=reason):
            yield from say(f"refused/{reason}")
        case Unsure():
            yield from say("refused/unsure")
        case _:
            return True
    return False
