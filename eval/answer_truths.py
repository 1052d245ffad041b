"""Whether what a reply says of the world is how the world is: each reading is looked up again in the system itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from bot.errors import ToolError
from bot.tools.reads import Tools
from bot.tools.values import Account, Charger, Money, PlatformStatus, Session, Station
from bot.types import Reply, TemplateOrigin

TRUTHS = Path(__file__).with_name("answer_truths.yaml")
READING = re.compile(r"(\w+)\.\w+\(([^,)]*)")
"""System and first argument of ``accounts.account(40711)``."""

Minimum = Callable[[str | None], Money | None]
"""The minimum balance of a vendor."""


@cache
def truths() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """By system and template: the states of which one must hold."""
    written = yaml.safe_load(TRUTHS.read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, dict[str, frozenset[str]]]).validate_python(written)


def untrue(replies: Iterable[Reply], tools: Tools, minimum: Minimum) -> list[str]:
    """What the replies say of the world that the world does not, in words."""
    wrong = []
    for reply in replies:
        for origin in dict.fromkeys(part.origin for part in reply.parts if isinstance(part.origin, TemplateOrigin)):
            for call in origin.tools:
                system, argument = _read(call)
                wanted = truths().get(system, {}).get(origin.template)
                if wanted is None:
                    continue
                states = states_of(system, argument, tools, minimum)
                if wanted.isdisjoint(states):
                    wrong.append(f"says {origin.template} of {argument}, which is {', '.join(sorted(states))}")
    return wrong


def _read(call: str) -> tuple[str, str]:
    found = READING.match(call)
    return (found[1], found[2]) if found else ("", "")


def states_of(system: str, argument: str, tools: Tools, minimum: Minimum) -> set[str]:
    """The states of a thing, in the words of answer_truths.yaml; ``unreadable`` where it cannot be read."""
    try:
        match system:
            case "stations":
                return _station(tools.stations.station(argument))
            case "accounts":
                return _account(tools.accounts.account(argument), minimum)
            case "sessions":
                return _session(tools.sessions.active(argument))
            case "status":
                return _platform(tools.status.status(argument, True))
            case "chargers":
                return _charger(tools.chargers.charger(argument))
            case _:
                return {str(tools.desk.ticket(argument).state)}
    except ToolError:
        return {"unreadable"}


def _station(station: Station) -> set[str]:
    says = {str(station.connector.status)} if station.connector else set()
    return {str(station.status), station.network} | says


def _account(account: Account, minimum: Minimum) -> set[str]:
    found = {"invalid-payment"} if account.payment_valid is False else set()
    needed = account.minimum or minimum(account.vendor)
    if account.balance and needed and account.balance.currency == needed.currency:
        found.add("below" if account.balance.amount < needed.amount else "enough")
    return found


def _session(session: Session | None) -> set[str]:
    return {str(session.status)} if session else {"none"}


def _platform(status: PlatformStatus) -> set[str]:
    if status.operational:
        return {"operational"}
    open_ones = [each for each in status.incidents if each.status not in ("resolved", "postmortem")]
    if not open_ones:
        return {"impaired"}
    return {"watched" if all(each.status == "monitoring" for each in open_ones) else "open"}


def _charger(charger: Charger) -> set[str]:
    says = {str(charger.connector.status)} if charger.connector else set()
    return says | {"connected" if charger.connected else "off-line"}
