"""Fault reports and what became of them (CP1 to CP5)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from bot.dialogue.flows.common import readable, tell_station, the_station, told_outcome
from bot.dialogue.flows.people import person
from bot.dialogue.flows.walkthrough import walkthrough
from bot.dialogue.steps import (
    Driver,
    Reading,
    Request,
    Steps,
    ask,
    ask_text,
    choose,
    confirm,
    count_steps,
    offer_choice,
    read_ticket,
    read_tickets_of,
    reject,
    say,
    show,
    watch,
)
from bot.tools.values import Done, ReportState, Ticket, TicketKind
from bot.understanding.slots import Slot

TOPIC = "report-broken-station"
SHOWN_TICKETS = 3
OVER = (ReportState.BACK_IN_OPERATION, ReportState.CLOSED)


def report(driver: Driver) -> Steps:
    """Station, what is wrong, a photo, where; then once, after a yes."""
    if driver.topic == TOPIC:
        yield from show(TOPIC, "lead")
    reading = yield from the_station("report")
    if reading is None:
        yield from say("report/no_number")
        yield from show(TOPIC, "steps")
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


def photo(driver: Driver) -> Steps:
    """A photo came without a word."""
    if (yield from offer_choice("photo", "yes", "no")) == "yes":
        yield from report(driver)
    else:
        yield from say("report/not_done")


def offer_report(driver: Driver) -> Generator[Request, Any, None]:
    """A defect was read: another station, and a report if the driver wants one."""
    if (yield from offer_choice("report_it", "yes", "no")) == "yes":
        yield from report(driver)
    else:
        yield from say("not_charging/elsewhere")


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


def tracking(driver: Driver) -> Steps:
    """How far a report is (CP4); who repairs, and no date that nobody named (CP5)."""
    if not driver.has(Slot.REPORT):
        if driver.has(Slot.STATION):
            yield from _tell_named_station(driver)
        yield from show(driver.topic, "lead")
        if driver.identity is not None and (yield from _tell_own(driver.identity.user)):
            return
    while True:
        number = yield from ask(Slot.REPORT)
        if number is None:
            yield from show(driver.topic)
            return
        reading = yield from read_ticket(number)
        if reading.outcome != "missing":
            break
        yield from reject(Slot.REPORT, number)
    if (yield from readable(reading, "ticket")):
        yield from _tell_ticket(reading, reading.found)


def _tell_named_station(driver: Driver) -> Generator[Request, Any, None]:
    """Who asks whether a station works again is told how it is now; no report's number is needed for that."""
    reading = yield from the_station()
    if reading is not None and (yield from readable(reading, "station")):
        yield from tell_station(reading, driver)


def _tell_own(user: str) -> Generator[Request, Any, bool]:
    """The newest reports of a signed-in driver; False where there are none."""
    reading = yield from read_tickets_of(user)
    faults = [ticket for ticket in reading.value or () if ticket.kind is TicketKind.FAULT]
    for ticket in faults[:SHOWN_TICKETS]:
        yield from _tell_ticket(reading, ticket)
    return bool(faults)


def _tell_ticket(reading: Reading[Any], ticket: Ticket) -> Generator[Request, Any, None]:
    yield from say(f"ticket/{ticket.state}", reading, ticket=ticket.id, at=ticket.updated_at)
    if ticket.state in OVER:
        return
    if ticket.repair_by:
        yield from say("ticket/repair_by", reading, repair_by=ticket.repair_by)
    else:
        yield from say("ticket/no_date")
    yield from watch("ticket", ticket.id, ticket.state)


def ticket_changed(driver: Driver) -> Steps:
    """Unasked: a report that the driver waits for has moved."""
    reading = yield from read_ticket(driver.arguments["ticket"])
    if reading.value is not None:
        yield from say(f"ticket/{reading.found.state}", reading, ticket=reading.found.id, at=reading.found.updated_at)


def still(driver: Driver) -> Steps:
    """It did not help: what else there is."""
    steps = yield from count_steps(driver.arguments["topic"])
    options = ("steps", "report", "person") if steps else ("report", "person")
    match (yield from offer_choice("still", *options)):
        case "report":
            yield from report(driver)
        case "person":
            yield from person(driver)
        case _:
            yield from walkthrough(driver)
