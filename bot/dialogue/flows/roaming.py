"""Stations of roaming partners (CP2): the phone number printed on them is faster."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from bot.dialogue.flows.common import named_station
from bot.dialogue.steps import Driver, Reading, Request, Steps, say, show
from bot.tools.values import Station


def roaming(driver: Driver) -> Steps:
    """Whose station it is, and whom to call."""
    reading = yield from named_station(driver, "owner")
    if reading is None:
        return
    if reading.found.network == "partner":
        yield from tell_partner(reading)
    else:
        yield from say("station/own", reading, station=reading.found.number)


def tell_partner(reading: Reading[Station]) -> Generator[Request, Any, None]:
    """Say that it is a partner's; the phone only where a source names it (OCPI 2.2.1 has none)."""
    station = reading.found
    template = "station/partner_phone" if station.phone else "station/partner"
    yield from say(template, reading, station=station.number, phone=station.phone)
    yield from show("roaming-partner-station")
