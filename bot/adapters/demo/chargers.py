"""Home and business chargers of the demo world."""

from __future__ import annotations

from bot.adapters.demo.states import restarted, seen
from bot.adapters.demo.things import DemoCharger, Group
from bot.adapters.demo.world import DemoWorld
from bot.errors import NotFound
from bot.tools.values import Charger, Done, Outcome, RefusalReason, Refused


class DemoChargers:
    """See :class:`bot.tools.ports.Chargers`.

    It restarts a charger of any plan and model: that these are checked before (WB1, WB4) is for the flows to show.
    """

    def __init__(self, world: DemoWorld) -> None:
        self._world = world

    def charger(self, charger: str) -> Charger:
        """See :class:`bot.tools.ports.Chargers`."""
        return self._world.answer("chargers", lambda: seen(self._known(charger), self._world.now()))

    def role(self, charger: str, user: str) -> str | None:
        """See :class:`bot.tools.ports.Chargers`."""
        return self._world.answer("chargers", lambda: self._role(charger, user))

    def restart(self, charger: str, key: str) -> Outcome:
        """See :class:`bot.tools.ports.Chargers`."""
        return self._world.answer("chargers", lambda: self._world.once(key, lambda: self._restart(charger)))

    def unlock(self, charger: str, key: str) -> Outcome:
        """See :class:`bot.tools.ports.Chargers`."""
        return self._world.answer("chargers", lambda: self._world.once(key, lambda: self._unlock(charger)))

    def _known(self, charger: str) -> DemoCharger:
        found = self._world.things.find(DemoCharger, charger)
        if found is None:
            raise NotFound(f"There is no charger {charger}.")
        return found

    def _role(self, charger: str, user: str) -> str | None:
        known = self._known(charger)
        groups = self._world.things.every(Group)
        return next((each.roles[user] for each in groups if known.id in each.chargers and user in each.roles), None)

    def _unlock(self, charger: str) -> Outcome:
        connected = seen(self._known(charger), self._world.now()).connected
        return Done() if connected else Refused(reason=RefusalReason.NOT_CONNECTED)

    def _restart(self, charger: str) -> Outcome:
        demo, now = self._known(charger), self._world.now()
        reading = seen(demo, now)
        if not reading.connected:
            return Refused(reason=RefusalReason.NOT_CONNECTED)
        charging = reading.connector is not None and reading.connector.status in self._world.rules.charging
        if charging or reading.charging_by is not None:
            return Refused(reason=RefusalReason.IN_USE)
        self._world.things.put(restarted(demo, self._world.restart_takes, now))
        return Done()
