"""The ports over a connector. Who asks for one thing and is answered with another is told nothing of it."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from bot.adapters.http.calls import Role
from bot.adapters.http.connector import HttpConnector
from bot.adapters.http.templates import Unaskable
from bot.adapters.ocpi.evse_ids import canonical
from bot.errors import NotFound, Unavailable
from bot.tools.values import Account, Charger, Done, Outcome, Refused, Session, SessionStatus, Station, WorldValue

Answered = TypeVar("Answered", bound=WorldValue)
_OVER = frozenset({SessionStatus.COMPLETED, SessionStatus.INVALID})


class _Port:
    """One port over a connector, which others share.

    Raises:
        SettingsError: where the file lacks a call that the port needs.
    """

    NAME: ClassVar[str]

    def __init__(self, connector: HttpConnector) -> None:
        connector.require(self.NAME)
        self._connector = connector

    def _read(self, kind: type[Answered], call: str, **arguments: str) -> Answered | None:
        said = self._connector.ask(f"{self.NAME}.{call}", arguments)
        return said if isinstance(said, kind) else None

    def _command(self, call: str, **arguments: str) -> Outcome:
        if not self._connector.serves(f"{self.NAME}.{call}"):
            return Refused(reason="not_available")
        said = self._connector.ask(f"{self.NAME}.{call}", arguments)
        return said if isinstance(said, Refused | Done) else Done()


class HttpAccounts(_Port):
    """See :class:`bot.tools.ports.Accounts`."""

    NAME = "accounts"

    def account(self, number: str) -> Account:
        """See :class:`bot.tools.ports.Accounts`."""
        found = self._read(Account, "account", number=number)
        if found is None or found.number != number:
            raise _another("account")
        return found


class HttpStations(_Port):
    """See :class:`bot.tools.ports.Stations`."""

    NAME = "stations"

    def station(self, station: str) -> Station:
        """See :class:`bot.tools.ports.Stations`."""
        found = self._read(Station, "station", station=station)
        if found is None or not (station == found.number or canonical(station) == canonical(found.evse_id)):
            raise _another("station")
        return found.model_copy(update={"evse_id": canonical(found.evse_id)})

    def unlock(self, station: str, key: str) -> Outcome:
        """See :class:`bot.tools.ports.Stations`."""
        return self._command("unlock", station=station, key=key)


class HttpSessions(_Port):
    """See :class:`bot.tools.ports.Sessions`."""

    NAME = "sessions"

    def active(self, account: str) -> Session | None:
        """See :class:`bot.tools.ports.Sessions`."""
        try:
            found = self._read(Session, "active", account=account)
        except NotFound:
            return None
        if found is None or found.status in _OVER:
            return None
        if found.account not in (account, None):
            raise _another("account's session")
        return found

    def stop(self, session: str, key: str) -> Outcome:
        """See :class:`bot.tools.ports.Sessions`."""
        return self._command("stop", session=session, key=key)


class HttpChargers(_Port):
    """See :class:`bot.tools.ports.Chargers`."""

    NAME = "chargers"

    def charger(self, charger: str) -> Charger:
        """See :class:`bot.tools.ports.Chargers`."""
        found = self._read(Charger, "charger", charger=charger)
        if found is None or found.id != charger:
            raise _another("charger")
        return found

    def role(self, charger: str, user: str) -> str | None:
        """See :class:`bot.tools.ports.Chargers`."""
        try:
            found = self._read(Role, "role", charger=charger, user=user)
        except Unaskable as error:
            if error.argument == "user":
                return None
            raise
        return found.role if found else None

    def restart(self, charger: str, key: str) -> Outcome:
        """See :class:`bot.tools.ports.Chargers`."""
        return self._command("restart", charger=charger, key=key)

    def unlock(self, charger: str, key: str) -> Outcome:
        """See :class:`bot.tools.ports.Chargers`."""
        return self._command("unlock", charger=charger, key=key)


def _another(thing: str) -> Unavailable:
    return Unavailable(f"answered with another {thing} than was asked for")
