"""A cable that does not come out, and a session that is to end."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from bot.dialogue.flows.common import readable, the_account, the_station, told_outcome
from bot.dialogue.steps import (
    Driver,
    Reading,
    Request,
    Said,
    Steps,
    confirm,
    invite,
    offer,
    offer_choice,
    read_session,
    say,
    show,
)
from bot.tools.values import Done, Session, SessionStatus
from bot.understanding.slots import Slot


def cable(driver: Driver) -> Steps:
    """The article; then, if it did not help, a person unlocks (OCPI: UNLOCK_CONNECTOR is the help desk's)."""
    yield from show(driver.topic or "cable-stuck")
    if driver.in_danger:
        yield from say("danger/no_retry")
        return
    if (yield from offer_choice("cable", "works", "still", labelled=True)) == "works":
        yield from say("command/works")
        return
    reading = yield from the_station("unlock")
    if reading is None:
        yield from say("report/no_number")
        return
    if not (yield from readable(reading, "station")):
        return
    station = reading.found
    outcome = yield from confirm("unlock", {"station": station.number}, station=station.number)
    if (yield from told_outcome(outcome, "unlock")) and isinstance(outcome, Done):
        yield from say("unlock/asked", reference=outcome.reference, station=station.number)


def stop(driver: Driver) -> Steps:
    """Stop the session that runs on the driver's account."""
    if not driver.has(Slot.ACCOUNT):
        yield from show(driver.topic or "stop-session")
        _, number = yield from invite(Slot.ACCOUNT, about="session")
        if number is None:
            yield from say("not_charging/without_number")
            return
    account = yield from the_account()
    if account is None or not (yield from readable(account, "account")):
        return
    reading = yield from read_session(account.found.number)
    if reading.outcome == "missing":
        yield from say("session/none", reading, account=account.found.number)
        yield from show("stop-session")
        yield from offer("again")
        return
    if not (yield from readable(reading, "session")):
        yield from show("stop-session")
        return
    session = reading.found
    values: dict[str, Said] = {"station": session.station, "since": session.started}
    outcome = yield from confirm("stop_session", values, session=session.id, station=session.station)
    if (yield from told_outcome(outcome, "session")):
        yield from say("session/stopping", station=session.station)
        yield from show("cable-stuck", "lead")


def tell_session(reading: Reading[Session]) -> Generator[Request, Any, None]:
    """Say that a charge runs or was asked for, where one does; nothing else is worth a line."""
    if reading.value is None:
        return
    session = reading.found
    if session.status is SessionStatus.ACTIVE:
        yield from say("session/running", reading, station=session.station, since=session.started)
    elif session.status is SessionStatus.PENDING:
        yield from say("session/pending", reading, station=session.station)
