"""Stations as the conversation sees them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.adapters.ocpi.system import OcpiSystem
from bot.errors import NotFound, Unavailable
from bot.tools.values import EvseStatus, Station
from tests.bot.adapters.ocpi.party import FakeParty, envelope


def test_a_station_has_what_ocpi_knows_of_it(system: OcpiSystem) -> None:
    assert system.stations.station("4521") == Station(
        number="4521",
        evse_id="CH*EPO*E4521",
        vendor="eponet",
        network="own",
        status=EvseStatus.AVAILABLE,
        operator="Verwaltung Seefeld AG",
        country="CH",
    )


def test_a_party_that_is_not_ours_is_a_partner(system: OcpiSystem) -> None:
    found = system.stations.station("3002")
    assert (found.network, found.vendor) == ("partner", None)


def test_parties_are_known_in_small_letters_too(system: OcpiSystem, party: FakeParty) -> None:
    party.world.locations[0].update(country_code="ch", party_id="epo")
    assert system.stations.station("4521").vendor == "eponet"


def test_where_no_owner_is_named_the_operator_repairs(system: OcpiSystem) -> None:
    assert system.stations.station("7781").operator == "ChargePoint"


def test_the_country_is_where_the_station_stands_not_its_operator(system: OcpiSystem, party: FakeParty) -> None:
    party.world.locations[0]["country"] = "ITA"
    assert system.stations.station("4521").country == "IT"


@pytest.mark.parametrize("country", [None, "", "CH", "XYZ", "Switzerland"])
def test_a_country_that_is_not_clear_is_unknown(system: OcpiSystem, party: FakeParty, country: str | None) -> None:
    party.world.locations[0]["country"] = country
    assert system.stations.station("4521").country is None


def test_a_station_without_a_printed_number_is_called_by_its_evse_id(system: OcpiSystem, party: FakeParty) -> None:
    party.world.locations[0]["evses"][0]["physical_reference"] = None
    assert system.stations.station("CH*EPO*E4521").number == "CH*EPO*E4521"


@pytest.mark.parametrize("status", list(EvseStatus))
def test_the_status_is_read_each_time(system: OcpiSystem, party: FakeParty, status: EvseStatus) -> None:
    system.stations.station("4521")
    party.world.set_status("EV-4521", status.value)
    assert system.stations.station("4521").status == status


def test_a_station_that_is_gone_since_the_list_was_read_is_not_found(system: OcpiSystem, party: FakeParty) -> None:
    system.stations.station("4521")
    del party.world.locations[0]["evses"][0]
    with pytest.raises(NotFound):
        system.stations.station("4521")


NONSENSE: dict[str, httpx.Response] = {
    "status": envelope({"uid": "EV-4521", "status": "BROKEN"}),
    "wrong form: status": envelope({"uid": "EV-4521", "status": None}),
    "wrong form: uid": envelope({"status": "AVAILABLE"}),
    "another EVSE": envelope({"uid": "EV-4512", "status": "CHARGING"}),
    "0 objects": envelope([]),
    "2 objects": envelope([{"uid": "EV-4521", "status": "AVAILABLE"}, {}]),
    "wrong form: all of it": envelope("AVAILABLE"),
    "envelope": httpx.Response(200, text="<html>maintenance</html>"),
    "3000": envelope([], code=3000),
    "502": httpx.Response(502, text="<html>bad gateway</html>"),
    "404": httpx.Response(404, text="<html>not here</html>"),
}


@pytest.mark.parametrize("reason", sorted(NONSENSE))
def test_nonsense_is_unavailable_and_says_what_is_wrong(system: OcpiSystem, party: FakeParty, reason: str) -> None:
    party.spoilt["/EV-4521"] = lambda request: NONSENSE[reason]
    with pytest.raises(Unavailable, match=reason):
        system.stations.station("4521")


@pytest.mark.parametrize("wrap", [lambda evse: [evse], lambda evse: evse])
def test_one_evse_may_come_in_a_list(system: OcpiSystem, party: FakeParty, wrap: Any) -> None:
    party.spoilt["/EV-4521"] = lambda request: envelope(wrap({"uid": "ev-4521", "status": "BLOCKED"}))
    assert system.stations.station("4521").status == EvseStatus.BLOCKED
