"""Stations of the demo world."""

from __future__ import annotations

from bot.adapters.demo.states import heard
from bot.adapters.demo.world import DemoWorld
from bot.errors import NotFound
from bot.tools.values import Station


class DemoStations:
    """See :class:`bot.tools.ports.Stations`."""

    def __init__(self, world: DemoWorld) -> None:
        self._world = world

    def station(self, station: str) -> Station:
        """See :class:`bot.tools.ports.Stations`."""
        return self._world.answer("stations", lambda: self._station(station))

    def _station(self, station: str) -> Station:
        for each in self._world.things.every(Station):
            if station in (each.number, each.evse_id):
                return heard(each, self._world.now())
        raise NotFound(f"There is no station {station}.")
