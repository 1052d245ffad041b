"""Status pages of the demo world."""

from __future__ import annotations

from bot.adapters.demo.world import DemoWorld
from bot.errors import NotFound
from bot.tools.values import PlatformStatus


class DemoStatusPages:
    """See :class:`bot.tools.ports.StatusPages`. Nothing is cached: an incident shows at once."""

    def __init__(self, world: DemoWorld) -> None:
        self._world = world

    def status(self, vendor: str, again: bool = False) -> PlatformStatus:  # noqa: ARG002 - every reading is new
        """See :class:`bot.tools.ports.StatusPages`."""
        return self._world.answer("status", lambda: self._status(vendor))

    def _status(self, vendor: str) -> PlatformStatus:
        found = self._world.things.find(PlatformStatus, vendor)
        if found is None:
            raise NotFound(f"{vendor} has no status page.")
        return found.model_copy(update={"read_at": self._world.now()})
