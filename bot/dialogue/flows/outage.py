"""Is it the platform? (EP4, EN1 to EN5, MB3)"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from bot.dialogue.steps import Driver, Reading, Request, Steps, offer, read_platform, say, show
from bot.tools.values import PlatformStatus

OVER = ("resolved", "postmortem")


def outage(driver: Driver) -> Steps:
    """The vendor's status page first, then what holds meanwhile."""
    if driver.vendor is None:
        yield from show(driver.topic)
        return
    reading = yield from read_platform(driver.vendor)
    yield from tell_platform(reading)
    yield from show(driver.topic)
    yield from offer("again")


def tell_platform(reading: Reading[PlatformStatus]) -> Generator[Request, Any, bool | None]:
    """Say what the page says; None where nobody can tell, which is never "all fine"."""
    if reading.outcome != "found":
        yield from say("platform/unreadable", reading)
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
