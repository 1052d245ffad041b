"""The car does not charge, or has stopped: station, account, timer, platform, then the people on site (EP1)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from bot.dialogue.flows.balance import tell_balance
from bot.dialogue.flows.common import readable, tell_station, the_account, the_station
from bot.dialogue.flows.outage import tell_platform
from bot.dialogue.flows.report import report
from bot.dialogue.flows.roaming import tell_partner
from bot.dialogue.steps import (
    Driver,
    Request,
    Steps,
    choose,
    invite,
    offer,
    offer_choice,
    read_platform,
    say,
    show,
)
from bot.tools.values import Station
from bot.understanding.slots import Slot


def not_charging(driver: Driver) -> Steps:
    """EP1 to EP6; MB1 to MB9 and EN1 to EN5 stand in the article, which is cut to the vendor."""
    if driver.in_danger:
        yield from say("danger/no_retry")
        return
    if not driver.has(Slot.STATION) and not driver.has(Slot.ACCOUNT):
        yield from show(driver.topic)
        _, value = yield from invite(Slot.STATION, Slot.ACCOUNT, about="look")
        if value is None:
            yield from say("not_charging/without_number")
            return
    station = None
    if driver.has(Slot.STATION):
        reading = yield from the_station()
        if reading is not None and (yield from readable(reading, "station")):
            station = reading.found
            if station.network == "partner":
                yield from tell_partner(reading)
                return
            meaning = yield from tell_station(reading, driver)
            if meaning.verdict == "defect":
                yield from _defect(driver)
                return
            if meaning.verdict not in ("fine", "held", "unheard"):
                if meaning.topic:
                    yield from show(meaning.topic)
                yield from offer("again", "still")
                return
    yield from _other_checks(driver, station)


def _defect(driver: Driver) -> Generator[Request, Any, None]:
    wanted = yield from offer_choice("report_it", "yes", "no")
    if wanted == "yes":
        yield from report(driver)
    else:
        yield from say("not_charging/elsewhere")


def _other_checks(driver: Driver, station: Station | None) -> Generator[Request, Any, None]:
    vendor = driver.vendor or (station.vendor if station else None)
    prepaid = driver.of_vendor(vendor, "minimum_balance") is not None
    if prepaid or driver.has(Slot.ACCOUNT):
        account = yield from the_account("check")
        if account is not None and (yield from readable(account, "account")):
            vendor = vendor or account.found.vendor
            enough = yield from tell_balance(account, driver)
            if not enough:
                yield from show("top-up-account")
                yield from offer("again")
                return
    timer = yield from choose("timer", "yes", "no", "unsure")
    if timer == "yes":
        yield from show("scheduled-charging")
        yield from offer("again", "still")
        return
    if vendor is not None:
        platform = yield from read_platform(vendor)
        operational = yield from tell_platform(platform)
        if operational is False:
            yield from offer("again")
            return
    yield from _people(driver, station)


def _people(driver: Driver, station: Station | None) -> Generator[Request, Any, None]:
    """EP5, EP6: operator, building's administration or electrician; the one who bills repairs nothing."""
    if station is not None and station.operator:
        yield from say("people/operator", operator=station.operator)
    else:
        yield from say("people/on_site")
    yield from show(driver.topic)
    yield from offer(topics=("report-broken-station",))
