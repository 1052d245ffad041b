"""Sessions of the demo world."""

from __future__ import annotations

from bot.adapters.demo.world import DemoWorld
from bot.errors import NotFound
from bot.tools.values import Done, EvseStatus, Outcome, RefusalReason, Refused, Session, SessionStatus


class DemoSessions:
    """See :class:`bot.tools.ports.Sessions`."""

    def __init__(self, world: DemoWorld) -> None:
        self._world = world

    def active(self, account: str) -> Session | None:
        """See :class:`bot.tools.ports.Sessions`."""
        return self._world.answer("sessions", lambda: self._active(account))

    def stop(self, session: str, key: str) -> Outcome:
        """See :class:`bot.tools.ports.Sessions`. The car stays at the station, its cable in."""
        return self._world.answer("sessions", lambda: self._world.once(key, lambda: self._stop(session)))

    def _active(self, account: str) -> Session | None:
        return next((each for each in self._world.running() if each.account == account), None)

    def _stop(self, session: str) -> Outcome:
        found = self._world.things.find(Session, session)
        if found is None:
            raise NotFound(f"There is no session {session}.")
        if found.status is not SessionStatus.ACTIVE:
            return Refused(reason=RefusalReason.NOT_RUNNING)
        self._world.complete(found, EvseStatus.BLOCKED)
        return Done()
