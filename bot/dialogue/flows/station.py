"""How is this station? And who repairs it?"""

from __future__ import annotations

from bot.dialogue.flows.common import named_station, tell_station
from bot.dialogue.flows.report import offer_report
from bot.dialogue.flows.roaming import tell_partner
from bot.dialogue.steps import Driver, Steps, offer, say, show


def station_status(driver: Driver) -> Steps:
    """The live state in a driver's words (product.md, section 7), then the article that helps."""
    reading = yield from named_station(driver, "status")
    if reading is None:
        return
    if reading.found.network == "partner":
        yield from tell_partner(reading)
        return
    meaning = yield from tell_station(reading, driver)
    if meaning.verdict == "defect" and not driver.in_danger:
        yield from offer_report(driver)
        return
    if meaning.topic:
        yield from show(meaning.topic)
    yield from offer("again")


def repair(driver: Driver) -> Steps:
    """EP5, EP6, CP2, CP5: whose it is, then the article; the owner repairs, no date is promised."""
    reading = yield from named_station(driver, "owner")
    if reading is not None and reading.found.network == "partner":
        yield from tell_partner(reading)
        return
    if reading is not None and reading.found.operator:
        yield from say("people/owner", reading, operator=reading.found.operator)
    elif reading is not None:
        yield from say("people/on_site")
    yield from show(driver.topic)
