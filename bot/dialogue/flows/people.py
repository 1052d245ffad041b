"""A person, and danger."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from bot.dialogue.flows.common import readable, the_account
from bot.dialogue.hours import hours
from bot.dialogue.steps import Driver, Request, Steps, alarm, choose, file, invite, offer, offer_choice, say, show
from bot.tools.values import Done, TicketKind
from bot.understanding.emergency import emergency_numbers
from bot.understanding.slots import Slot

TOPIC = "contact-support"


def contact(driver: Driver) -> Steps:
    """How to reach people; calling one is a tap away."""
    if driver.handed_over:
        yield from say("person/again", reference=driver.handed_over)
        yield from _hours(driver)
        return
    yield from show(TOPIC)
    if (yield from offer_choice("person", "yes", "no")) == "yes":
        yield from person(driver)
    else:
        yield from say("person/not_called")
        yield from show("who-to-contact")


def person(driver: Driver) -> Steps:
    """A person, now. Where help costs money that is said before, and the account is needed (EP7)."""
    if driver.of_vendor(driver.vendor, "help_costs"):
        account = yield from the_account("help")
        if account is not None and not (yield from readable(account, "account")):
            return
        if (yield from choose("help_costs", "yes", "no")) == "no":
            yield from say("person/not_called")
            yield from show("who-to-contact")
            return
    if driver.handed_over:
        yield from say("person/again", reference=driver.handed_over)
        yield from _hours(driver)
        return
    outcome = yield from file(TicketKind.HANDOVER, "the driver asked for a person")
    if not isinstance(outcome, Done):
        yield from say("person/unreachable")
        yield from show(TOPIC)
        return
    yield from say("person/called", reference=outcome.reference)
    yield from _hours(driver)


def _hours(driver: Driver) -> Generator[Request, Any, None]:
    """Opening hours, said honestly."""
    desk = hours()
    times = {"opens": desk.opens.strftime("%H:%M"), "closes": desk.closes.strftime("%H:%M")}
    yield from say("person/open" if desk.open_at(driver.now) else "person/closed", **times)


def maybe_danger(driver: Driver) -> Steps:
    """It sounds like danger, but no word says so for certain: what to do, and one question."""
    yield from show(driver.topic)
    if driver.in_danger:
        return
    if (yield from offer_choice("danger", "yes", "no")) == "yes":
        yield from alarm("unclear")
    else:
        yield from say("danger/do_not_charge")
        yield from offer(topics=("report-broken-station",))


def no_retry(_driver: Driver) -> Steps:
    """After danger: whatever would start a charge or try again is not told."""
    yield from say("danger/no_retry")


def danger(driver: Driver) -> Steps:
    """What to do now, whom to call, then people; before any question, and no restart afterwards."""
    for hazard in driver.arguments["hazards"].split(","):
        yield from say(f"danger/{hazard}")
    numbers = emergency_numbers(driver.country)
    yield from say("danger/call", general=numbers.general, fire=numbers.fire, medical=numbers.medical)
    outcome = yield from file(TicketKind.URGENT, f"danger: {driver.arguments['hazards']}")
    if isinstance(outcome, Done):
        yield from say("danger/handed_over", reference=outcome.reference)
    else:
        yield from say("danger/not_handed_over")
    yield from say("danger/do_not_charge")
    if not driver.arguments["target"]:
        _, station = yield from invite(Slot.STATION, about="danger")
        if station is not None:
            yield from file(TicketKind.URGENT, f"danger at station {station}")
            yield from say("danger/noted", station=station)
