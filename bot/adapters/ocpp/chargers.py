"""Chargers that connect directly, as the bot sees them."""

from __future__ import annotations

import time
from pathlib import Path

from bot.adapters.ocpp.database import OcppDatabase
from bot.adapters.ocpp.orders import Action, Order, Orders
from bot.adapters.ocpp.people import People, people_file, read_people
from bot.adapters.ocpp.rules import OcppRules
from bot.adapters.ocpp.state import OcppState
from bot.errors import Unavailable
from bot.tools.values import Charger, Outcome

SLACK_S = 1.0
"""What the gateway may need beside the charger's time, to write the answer down."""


class OcppChargers:
    """See :class:`bot.tools.ports.Chargers`. No portal stands between, so vendor and plan are unknown."""

    def __init__(self, database: OcppDatabase, people: People, rules: OcppRules) -> None:
        self._database, self._people, self._rules = database, people, rules
        self._state, self._orders = OcppState(database, rules), Orders(database)

    def charger(self, charger: str) -> Charger:
        """See :class:`bot.tools.ports.Chargers`."""
        found = self._state.charger(charger)
        self._need_gateway()
        return found

    def role(self, charger: str, user: str) -> str | None:
        """See :class:`bot.tools.ports.Chargers`."""
        return self._people.role(self._state.charger(charger).id, user)

    def restart(self, charger: str, key: str) -> Outcome:
        """See :class:`bot.tools.ports.Chargers`; a soft reset, which leaves a running transaction alone."""
        return self._ordered(Order(key, charger, Action.RESET))

    def unlock(self, charger: str, key: str, connector: int = 1) -> Outcome:
        """See :class:`bot.tools.ports.Chargers`; at that connector (2.0.1: EVSE)."""
        return self._ordered(Order(key, charger, Action.UNLOCK, str(connector)))

    def trigger(self, charger: str, message: str, key: str) -> Outcome:
        """Have the charger send a message now, such as StatusNotification."""
        return self._ordered(Order(key, charger, Action.TRIGGER, message))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _ordered(self, order: Order) -> Outcome:
        """The outcome under that key: the one that it had, or the one that the gateway writes within its time."""
        self._state.charger(order.charger)
        if known := self._orders.outcome(order.key):
            return known
        self._need_gateway()
        self._orders.put(order, self._rules.take_s)
        until = time.monotonic() + self._rules.take_s + self._rules.answer_s + SLACK_S
        while time.monotonic() < until:
            if outcome := self._orders.outcome(order.key):
                return outcome
            time.sleep(self._rules.look_s)
        return self._orders.given_up(order.key)

    def _need_gateway(self) -> None:
        if not self._state.alive():
            raise Unavailable("the OCPP gateway does not run; start it with plugdesk ocpp serve", sent=False)


def open_ocpp(path: Path) -> OcppChargers:
    """The chargers of that database, with the people of the YAML file beside it.

    Raises:
        StoreError, SettingsError: when either file cannot be used.
    """
    people = read_people(people_file(path))
    return OcppChargers(OcppDatabase(path), people, OcppRules.load())
