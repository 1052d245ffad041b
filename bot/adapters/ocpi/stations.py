"""Stations over OCPI."""

from __future__ import annotations

from typing import Protocol

from babel.core import get_global

from bot.adapters.ocpi.client import LOCATIONS, OcpiClient
from bot.adapters.ocpi.connection import Party
from bot.adapters.ocpi.directory import Directory, Place
from bot.adapters.ocpi.envelope import shaped
from bot.adapters.ocpi.evse_ids import canonical
from bot.adapters.ocpi.objects import Evse, Location, same
from bot.errors import Unavailable
from bot.tools.values import EvseStatus, Outcome, Station

_PARTNER = Party(network="partner")


class Unlocking(Protocol):
    """What sends the command, :class:`bot.adapters.ocpi.commands.OcpiCommands`."""

    def unlock_connector(self, station: str, key: str) -> Outcome:
        """UNLOCK_CONNECTOR of the only connector of a station."""


class OcpiStations:
    """See :class:`bot.tools.ports.Stations`. Where a station is comes from a list; its status is read each time."""

    def __init__(self, client: OcpiClient, directory: Directory, commands: Unlocking) -> None:
        self._client, self._directory, self._commands = client, directory, commands

    def station(self, station: str) -> Station:
        """See :class:`bot.tools.ports.Stations`. Takes a uid too, as sessions name stations by it."""
        place = self._directory.find(station)
        return self._station(Place(place.location, live(self._client, place)))

    def unlock(self, station: str, key: str) -> Outcome:
        """See :class:`bot.tools.ports.Stations`; of a station with one connector, for nobody says which of several."""
        return self._commands.unlock_connector(station, key)

    def _station(self, place: Place) -> Station:
        location, evse = place.location, place.evse
        party = f"{location.country_code}*{location.party_id}".upper()
        kind = self._client.connection.parties.get(party, _PARTNER)
        evse_id = canonical(evse.evse_id or evse.uid)
        return Station(
            number=evse.physical_reference or evse_id,
            evse_id=evse_id,
            vendor=kind.vendor,
            network=kind.network,
            status=_status(evse),
            operator=_operator(location),
            country=_country(location),
            # Not last_updated: that is when something changed, and a station that is free for days is not silent.
            heard_at=None,
        )


def live(client: OcpiClient, place: Place) -> Evse:
    """The EVSE as it stands now (OCPI 8.2.1, GET Object).

    Raises:
        NotFound: when it is gone.
        Unavailable: when they do not say, or answer another one.
    """
    evse = shaped(Evse, client.one(LOCATIONS, place.location.id, place.evse.uid), "an EVSE")
    if not same(evse.uid, place.evse.uid):
        raise Unavailable("answered another EVSE than was asked for")
    return evse


def _status(evse: Evse) -> EvseStatus:
    try:
        return EvseStatus(evse.status)
    except ValueError:
        raise Unavailable("answered a status that OCPI does not have") from None


def _operator(location: Location) -> str | None:
    """Who repairs it: the owner does (CP5); where they do not say who that is, the operator is asked (EP5)."""
    named = location.owner or location.operator
    return named.name if named else None


def _country(location: Location) -> str | None:
    """Where it stands. ``country_code`` is no help: that is the operator's, who may be from elsewhere."""
    known = get_global("territory_aliases").get((location.country or "").upper())
    return known[0] if known and len(known) == 1 else None
