"""Is it the platform? (EP4, EN1 to EN5, MB3)"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from bot.dialogue.flows.common import readable, tell_station, the_station
from bot.dialogue.steps import Driver, Reading, Request, Steps, offer, read_platform, say, show
from bot.tools.values import PlatformStatus
from bot.understanding.slots import Slot

OVER = ("resolved", "postmortem")


def outage(driver: Driver) -> Steps:
    """The vendor's status page first, then what holds meanwhile."""
    vendor = driver.vendor
    if driver.has(Slot.STATION):
        station = yield from the_station()
        if station is not None and (yield from readable(station, "station")):
            yield from tell_station(station, driver)
            vendor = vendor or station.found.vendor
    if vendor is None:
        yield from show(driver.topic)
        return
    reading = yield from read_platform(vendor)
    yield from tell_platform(reading)
    yield from show(driver.topic)
    yield from offer("again")


def tell_platform(reading: Reading[PlatformStatus]) -> Generator[Request, Any, bool | None]:
    """Say what the page says; None where nobody can tell, which is never "all fine"."""
    if reading.outcome != "found":
        yield from say("platform/none" if reading.outcome == "missing" else "platform/unreadable", reading)
        return None
    status = reading.found
    if status.operational:
        yield from say("platform/fine", reading, at=status.read_at)
        return True
    open_ones = [incident for incident in status.incidents if incident.status not in OVER]
    if open_ones:
        watched = all(incident.status == "monitoring" for incident in open_ones)
        names = tuple(incident.name for incident in open_ones)
        yield from say(
            "platform/monitoring" if watched else "platform/incident", reading, names=names, at=status.read_at
        )
    else:
        names = tuple(part.name for part in status.components if part.status != "operational")
        yield from say("platform/components", reading, names=names, at=status.read_at)
    return False
