"""The car does not charge, or has stopped: station, account, timer, platform, then the people on site (EP1)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from bot.dialogue.flows.balance import tell_balance
from bot.dialogue.flows.common import readable, tell_station, the_account, the_station
from bot.dialogue.flows.outage import tell_platform
from bot.dialogue.flows.report import offer_report
from bot.dialogue.flows.roaming import tell_partner
from bot.dialogue.flows.session import tell_session
from bot.dialogue.steps import (
    Driver,
    Request,
    Steps,
    choose,
    invite,
    offer,
    read_account,
    read_platform,
    read_session,
    read_station,
    say,
    show,
    together,
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
    yield from _look(driver)
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
                yield from offer_report(driver)
                return
            if meaning.verdict not in ("fine", "held", "unheard"):
                if meaning.topic:
                    yield from show(meaning.topic)
                yield from offer("again", "still")
                return
    yield from _other_checks(driver, station)


def _look(driver: Driver) -> Generator[Request, Any, None]:
    """Read everything that may be read already, side by side; each step then finds its reading done."""
    station, account = driver.fact(Slot.STATION), driver.fact(Slot.ACCOUNT)
    reads: list[Generator[Request, Any, Any]] = []
    if station:
        reads.append(read_station(station))
    if account:
        reads += [read_account(account), read_session(account)]
    if driver.vendor:
        reads.append(read_platform(driver.vendor))
    yield from together(*reads)


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
            yield from tell_session((yield from read_session(account.found.number)))
    timer = yield from choose("timer", "yes", "no", "unsure")
    if timer == "yes":
        yield from show("scheduled-charging")
        yield from offer("again", "still")
        return
    if vendor is not None:
        platform = yield from read_platform(vendor)
        operational = True if platform.outcome == "missing" else (yield from tell_platform(platform))
        if operational is False:
            yield from show("server-outage")
            yield from offer("again")
            return
    yield from _people(station, timer, driver.topic)


def _people(station: Station | None, timer: str, topic: str | None) -> Generator[Request, Any, None]:
    """EP5, EP6: operator, building's administration or electrician; the one who bills repairs nothing."""
    if timer == "unsure":
        yield from show("scheduled-charging", "steps")
    if station is not None and station.operator:
        yield from say("people/operator", operator=station.operator)
    else:
        yield from say("people/on_site")
    yield from show(topic)
    yield from offer("again", "still", topics=("report-broken-station",))
