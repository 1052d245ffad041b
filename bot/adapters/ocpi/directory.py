"""Where each EVSE is: the other side's locations, kept for a while and looked up by what drivers type."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.adapters.ocpi.client import LOCATIONS, OcpiClient
from bot.adapters.ocpi.evse_ids import compact
from bot.adapters.ocpi.kept import Kept, in_a_thread
from bot.adapters.ocpi.objects import Evse, Location
from bot.errors import NotFound, Unavailable

REMOVED = "REMOVED"


@dataclass(frozen=True)
class Place:
    """An EVSE as the list has it, and where it stands."""

    location: Location
    evse: Evse


@dataclass(frozen=True)
class _Register:
    """The list, by everything that an EVSE is called. Not ``complete``: something of it is missing or unreadable."""

    by_name: tuple[Mapping[str, list[Place]], ...]
    """By EVSE id, by printed number, by uid: an earlier one counts more."""
    by_uid: Mapping[tuple[str, str], Place]
    complete: bool


class Directory:
    """Finds EVSEs. Safe to use from several threads."""

    def __init__(
        self,
        client: OcpiClient,
        aside: Callable[[Callable[[], None]], None] = in_a_thread,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._register = Kept(self._read, client.rules.locations_fresh_s, aside, monotonic)

    def find(self, station: str) -> Place:
        """The EVSE of that EVSE id in any spelling, printed number or uid.

        What is not on the list may be new: the list is then read again, unless it was read just now.

        Raises:
            NotFound: when there is none, or when several bear that number and nobody can tell which is meant.
            Unavailable: when the list cannot be read, or it lacks something that may be this very EVSE.
        """
        place = _found(self._register.get(), station)
        if place is None:
            register = self._register.younger(self._client.rules.missed_again_s)
            place = _found(register, station)
            if place is None and not register.complete:
                raise Unavailable("gave a list of locations that is not whole, and this station is not on it")
        if place is None:
            raise NotFound(f"There is no station {station}.")
        return place

    def at(self, location: str, evse_uid: str) -> Place | None:
        """The EVSE as OCPI names it in sessions; None where the list does not have it.

        Raises:
            Unavailable: when the list cannot be read.
        """
        return self._register.get().by_uid.get((location.casefold(), evse_uid.casefold()))

    def _read(self) -> _Register:
        listed = self._client.every(LOCATIONS).shaped(Location, "a location")
        return _register([Place(each, evse) for each in listed.items for evse in each.evses], listed.complete)


def _register(places: list[Place], complete: bool) -> _Register:
    evse_ids, numbers, uids = defaultdict(list), defaultdict(list), defaultdict(list)
    for place in places:
        uids[place.evse.uid.casefold()].append(place)
        if place.evse.evse_id:
            evse_ids[compact(place.evse.evse_id)].append(place)
        if place.evse.physical_reference:
            numbers[place.evse.physical_reference.casefold()].append(place)
    by_uid = {(each.location.id.casefold(), each.evse.uid.casefold()): each for each in places}
    return _Register((evse_ids, numbers, uids), by_uid, complete)


def _found(register: _Register, station: str) -> Place | None:
    names = (compact(station), station.strip().casefold(), station.strip().casefold())
    for name, called in zip(names, register.by_name, strict=True):
        if places := called.get(name):
            return _the_one(places, station)
    return None


def _the_one(places: list[Place], station: str) -> Place:
    # OCPI 8.2.1: what was taken away stays on the list, and its number may be printed on what came instead.
    standing = [each for each in places if each.evse.status != REMOVED] or places
    if len(standing) > 1:
        ids = ", ".join(sorted(each.evse.evse_id or each.evse.uid for each in standing))
        raise NotFound(f"Several stations are called {station}: {ids}. Ask for the EVSE id.")
    return standing[0]
