"""Stations of the demo world."""

from __future__ import annotations

from bot.adapters.demo.states import heard
from bot.adapters.demo.world import DemoWorld
from bot.errors import NotFound
from bot.tools.values import Done, EvseStatus, Outcome, RefusalReason, Refused, Station


class DemoStations:
    """See :class:`bot.tools.ports.Stations`."""

    def __init__(self, world: DemoWorld) -> None:
        self._world = world

    def station(self, station: str) -> Station:
        """See :class:`bot.tools.ports.Stations`."""
        return self._world.answer("stations", lambda: self._station(station))

    def unlock(self, station: str, key: str) -> Outcome:
        """See :class:`bot.tools.ports.Stations`. A session that runs there ends."""
        return self._world.answer("stations", lambda: self._world.once(key, lambda: self._unlock(station)))

    def _station(self, station: str) -> Station:
        return heard(self._known(station), self._world.now())

    def _known(self, station: str) -> Station:
        for each in self._world.things.every(Station):
            if station in (each.number, each.evse_id):
                return each
        raise NotFound(f"There is no station {station}.")

    def _unlock(self, station: str) -> Outcome:
        found = self._known(station)
        if found.network == "partner":
            return Refused(reason=RefusalReason.NOT_ALLOWED)
        for each in self._world.running():
            if each.station in (found.number, found.evse_id):
                self._world.complete(each, EvseStatus.AVAILABLE)
        return Done()
