"""Restarting a charger from afar (WB0 to WB8)."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from typing import Any

from bot.dialogue.flows.common import readable, the_charger, told_outcome
from bot.dialogue.flows.report import report_charger
from bot.dialogue.states import connector_meaning
from bot.dialogue.steps import (
    Driver,
    OneOf,
    Reading,
    Request,
    Said,
    Steps,
    choose,
    confirm,
    offer,
    read_charger,
    read_role,
    say,
    show,
    watch,
)
from bot.tools.values import Charger
from bot.understanding.slots import Slot

JUST_NOW = timedelta(minutes=10)
"""A charger that has started within that time did so because it was restarted; so long it is watched."""


def restart(driver: Driver) -> Steps:
    """Requirements first, then a yes, then once; afterwards the charger is watched."""
    if driver.in_danger:
        yield from say("danger/no_restart")
        return
    if driver.identity is None:
        yield from say("restart/sign_in")
        yield from show(driver.topic or "remote-restart")
        return
    charger = yield from _restartable(driver)
    if charger is None:
        return
    outcome = yield from confirm("restart", {"charger": charger.id, "model": charger.model}, charger=charger.id)
    if (yield from told_outcome(outcome, "restart")):
        yield from say("restart/sent", charger=charger.id)
        booted = charger.booted_at.isoformat() if charger.booted_at else ""
        yield from watch("charger", charger.id, booted)


def restart_requirements(driver: Driver) -> Steps:
    """Whether a restart is possible, and what is missing for it."""
    if driver.in_danger:
        yield from say("danger/no_restart")
        return
    if driver.identity is None or not driver.has(Slot.CHARGER):
        yield from show(driver.topic or "remote-restart-requirements")
        return
    charger = yield from _restartable(driver)
    if charger is not None:
        yield from say("restart/possible", charger=charger.id)
        yield from offer(topics=("remote-restart",))


def restart_check(driver: Driver) -> Steps:
    """Did it work, can it be stopped? Only a reading tells, and nothing stops a running restart (WB7, WB8)."""
    if driver.in_danger:
        yield from say("danger/no_restart")
        return
    if driver.identity is not None and driver.has(Slot.CHARGER):
        reading = yield from the_charger()
        if reading is not None and (yield from readable(reading, "charger")):
            booted = reading.found.booted_at
            if reading.found.connected and booted is not None and driver.now - booted < JUST_NOW:
                yield from say("restart/back", reading, charger=reading.found.id, at=booted)
                return
            sent = driver.done.get(("restart", reading.found.id))
            if sent is not None and driver.now - sent < JUST_NOW:
                yield from say("restart/waiting", reading, charger=reading.found.id, at=reading.at)
                return
            yield from tell_charger(reading, driver)
            yield from say("restart/unproven")
    yield from show(driver.topic or "remote-restart-cancel-or-failed")
    yield from offer("again")


def charger_back(driver: Driver) -> Steps:
    """Unasked, after a restart: it is back (WB6)."""
    reading = yield from read_charger(driver.arguments["charger"])
    if reading.value is not None:
        yield from say("restart/back", reading, charger=reading.found.id, at=reading.found.booted_at)


def charger_not_back(driver: Driver) -> Steps:
    """Unasked: it has not come back; a report is offered (WB8)."""
    yield from say("restart/not_back", charger=driver.arguments["charger"])
    if (yield from choose("report_charger", "yes", "no")) == "yes":
        yield from report_charger(driver)
    else:
        yield from say("report/not_done")


def tell_charger(reading: Reading[Charger], driver: Driver) -> Generator[Request, Any, None]:
    """Say how the charger is."""
    charger = reading.found
    values: dict[str, Said] = {"charger": charger.id, "at": charger.heard_at or reading.at}
    if not charger.connected:
        yield from say("charger/not_connected", reading, **values)
        return
    meaning = connector_meaning(charger.connector, driver.now) if charger.connector else None
    yield from say(f"charger/{meaning.verdict}" if meaning else "charger/connected", reading, **values)


def _restartable(driver: Driver) -> Generator[Request, Any, Charger | None]:
    """The charger if it meets every requirement; else says all that are not met (WB1 to WB4)."""
    reading = yield from the_charger("restart")
    if reading is None:
        yield from show("remote-restart-requirements")
        return None
    if not (yield from readable(reading, "charger")):
        return None
    charger = reading.found
    user = driver.identity.user if driver.identity else ""
    role = yield from read_role(charger.id, user)
    unmet = _unmet(driver, charger, role.value)
    for name in unmet:
        values = {"charger": charger.id, "plan": charger.plan, "model": charger.model, "role": role.value}
        yield from say(f"requirement/{name}", reading, **values, **_wanted(driver, charger, name))
    if unmet:
        yield from show("remote-restart-requirements")
        yield from offer("again")
        return None
    if charger.charging_by is not None:
        yield from say("refused/in_use")
        yield from offer("again")
        return None
    return charger


def _unmet(driver: Driver, charger: Charger, role: str | None) -> list[str]:
    plans = driver.of_vendor(charger.vendor, "restart_plans")
    roles = driver.of_vendor(charger.vendor, "restart_roles")
    excluded = driver.of_vendor(charger.vendor, "restart_excluded_models") or ()
    checks = {
        "plan": plans is None or charger.plan in plans,
        "role": roles is None or role in roles,
        "connected": charger.connected,
        "model": not any(charger.model.casefold().startswith(name.casefold()) for name in excluded),
    }
    return [name for name, met in checks.items() if not met]


def _wanted(driver: Driver, charger: Charger, requirement: str) -> dict[str, Said]:
    """What would meet the requirement."""
    facts = {"plan": "restart_plans", "role": "restart_roles"}
    wanted = driver.of_vendor(charger.vendor, facts[requirement]) if requirement in facts else None
    return {"wanted": OneOf(tuple(wanted))} if wanted else {}
