"""How is this station? And who repairs it?"""

from __future__ import annotations

from bot.dialogue.flows.common import readable, tell_station, the_station
from bot.dialogue.flows.report import report
from bot.dialogue.flows.roaming import tell_partner
from bot.dialogue.steps import Driver, Steps, invite, offer, offer_choice, say, show
from bot.understanding.slots import Slot


def station_status(driver: Driver) -> Steps:
    """The live state in a driver's words (product.md, section 7), then the article that helps."""
    if not driver.has(Slot.STATION):
        yield from show(driver.topic)
        _, value = yield from invite(Slot.STATION, about="status")
        if value is None:
            yield from say("not_charging/without_number")
            return
    reading = yield from the_station()
    if reading is None or not (yield from readable(reading, "station")):
        return
    if reading.found.network == "partner":
        yield from tell_partner(reading)
        return
    meaning = yield from tell_station(reading, driver)
    if meaning.verdict == "defect" and not driver.in_danger:
        wanted = yield from offer_choice("report_it", "yes", "no")
        if wanted == "yes":
            yield from report(driver)
        else:
            yield from say("not_charging/elsewhere")
        return
    if meaning.topic:
        yield from show(meaning.topic)
    yield from offer("again")


def repair(driver: Driver) -> Steps:
    """EP5, EP6, CP5: the owner repairs; no date is promised."""
    yield from show(driver.topic or "who-repairs-station")
    if not driver.has(Slot.STATION):
        _, value = yield from invite(Slot.STATION, about="owner")
        if value is None:
            yield from say("not_charging/without_number")
            return
    reading = yield from the_station()
    if reading is None or not (yield from readable(reading, "station")):
        return
    if reading.found.network == "partner":
        yield from tell_partner(reading)
    elif reading.found.operator:
        yield from say("people/owner", reading, operator=reading.found.operator)
    else:
        yield from say("people/on_site")
