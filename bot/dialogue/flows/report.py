"""Fault reports and what became of them (CP1 to CP5)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from bot.dialogue.flows.common import readable, the_station, told_outcome
from bot.dialogue.steps import (
    Driver,
    Request,
    Steps,
    ask,
    ask_text,
    choose,
    confirm,
    offer_choice,
    read_ticket,
    reject,
    say,
    show,
    watch,
)
from bot.tools.values import Done, ReportState
from bot.understanding.slots import Slot


def report(driver: Driver) -> Steps:
    """Station, what is wrong, a photo, where; then once, after a yes."""
    reading = yield from the_station("report")
    if reading is None:
        yield from say("report/no_number")
        yield from show("report-broken-station")
        return
    if not (yield from readable(reading, "station")):
        return
    station = reading.found
    if station.network == "partner":
        yield from say("report/partner", reading, station=station.number)
        if (yield from choose("report_anyway", "yes", "no")) == "no":
            yield from show("roaming-partner-station")
            return
    if driver.of_vendor(station.vendor, "report_needs_location") and not (yield from _located()):
        return
    description = driver.text if driver.symptom else (yield from ask_text("description"))
    yield from ask_text("photo", optional=True)
    values = {"station": station.number, "description": description, "photos": len(driver.photos)}
    outcome = yield from confirm(
        "report",
        values,
        station=station.number,
        category=driver.symptom or "",
        description=description or "",
        photos=",".join(driver.photos),
    )
    yield from tell_filed(outcome)


def _located() -> Generator[Request, Any, bool]:
    """CP3: without a shared location there is no report, but a tip for other drivers can be left."""
    location = yield from ask(Slot.LOCATION, "report")
    if location is None:
        yield from say("report/tip")
    return location is not None


def tell_filed(outcome: Any) -> Generator[Request, Any, None]:
    """What happens next with a report; no date is promised (CP5)."""
    if not (yield from told_outcome(outcome, "report")):
        return
    if isinstance(outcome, Done) and outcome.reference:
        yield from say("report/filed", reference=outcome.reference)
        if outcome.others:
            yield from say("report/others", others=outcome.others)
        yield from watch("ticket", outcome.reference, ReportState.RECEIVED)


def report_charger(driver: Driver) -> Steps:
    """A charger that has not come back after a restart (WB8): offered, never done unasked."""
    charger = driver.arguments["charger"]
    outcome = yield from confirm(
        "report_charger", {"charger": charger}, charger=charger, category="no_power", description="not back"
    )
    yield from tell_filed(outcome)


def tracking(_driver: Driver) -> Steps:
    """How far a report is (CP4); who repairs, and no date that nobody named (CP5)."""
    while True:
        number = yield from ask(Slot.REPORT)
        if number is None:
            yield from show("track-station-report")
            return
        reading = yield from read_ticket(number)
        if reading.outcome != "missing":
            break
        yield from reject(Slot.REPORT, number)
    if not (yield from readable(reading, "ticket")):
        return
    ticket = reading.found
    yield from say(f"ticket/{ticket.state}", reading, ticket=ticket.id, station=ticket.station, at=ticket.updated_at)
    if ticket.state not in (ReportState.BACK_IN_OPERATION, ReportState.CLOSED):
        if ticket.repair_by:
            yield from say("ticket/repair_by", reading, repair_by=ticket.repair_by)
        else:
            yield from say("ticket/no_date")
        yield from watch("ticket", ticket.id, ticket.state)


def ticket_changed(driver: Driver) -> Steps:
    """Unasked: a report that the driver waits for has moved."""
    reading = yield from read_ticket(driver.arguments["ticket"])
    if reading.value is not None:
        ticket = reading.found
        yield from say(
            f"ticket/{ticket.state}", reading, ticket=ticket.id, station=ticket.station, at=ticket.updated_at
        )


def still(driver: Driver) -> Steps:
    """It did not help: what else there is."""
    wanted = yield from offer_choice("still", "report", "person", "steps")
    if wanted == "report":
        yield from report(driver)
