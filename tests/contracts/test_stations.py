"""What every source of stations must do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.errors import NotFound, Unavailable
from bot.tools.ports import Stations
from bot.tools.values import Done, EvseStatus
from tests.contracts.backends import STATIONS

FACTS = [
    ("4521", "CH*EPO*E4521", "AVAILABLE", "CH"),
    ("4512", "CH*EPO*E4512", "CHARGING", "CH"),
    ("7781", "IT*CPI*E7781", "OUTOFORDER", "IT"),
    ("3002", "IT*ION*E3002", "AVAILABLE", "IT"),
]


@pytest.fixture(params=sorted(STATIONS))
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def stations(backend: str, tmp_path: Path) -> Iterator[Stations]:
    with STATIONS[backend](tmp_path, True) as port:
        yield port


@pytest.fixture
def silent(backend: str, tmp_path: Path) -> Iterator[Stations]:
    with STATIONS[backend](tmp_path, False) as port:
        yield port


@pytest.mark.parametrize(("number", "evse_id", "status", "country"), FACTS)
def test_a_station_is_found_by_its_printed_number(
    stations: Stations, number: str, evse_id: str, status: str, country: str
) -> None:
    found = stations.station(number)
    assert (found.number, found.evse_id, found.status, found.country) == (number, evse_id, EvseStatus(status), country)


@pytest.mark.parametrize(("number", "evse_id"), [facts[:2] for facts in FACTS])
def test_a_station_is_found_by_its_evse_id(stations: Stations, number: str, evse_id: str) -> None:
    assert stations.station(evse_id).number == number


@pytest.mark.parametrize(
    ("number", "network"), [("4521", "own"), ("4512", "own"), ("7781", "own"), ("3002", "partner")]
)
def test_a_station_belongs_to_the_own_network_or_to_a_partner(stations: Stations, number: str, network: str) -> None:
    assert stations.station(number).network == network


@pytest.mark.parametrize("number", ["4521", "4512"])
def test_a_station_has_its_operator(stations: Stations, number: str) -> None:
    assert stations.station(number).operator == "Verwaltung Seefeld AG"


def test_no_phone_number_is_made_up(stations: Stations) -> None:
    assert [stations.station(facts[0]).phone for facts in FACTS] == [None] * 4


@pytest.mark.parametrize("station", ["", "9999", "452", "CH*EPO*E9999", "4521' or '1'='1", "../4521", "%"])
def test_a_station_that_does_not_exist_is_not_found(stations: Stations, station: str) -> None:
    with pytest.raises(NotFound):
        stations.station(station)


def test_a_system_that_does_not_answer_is_unavailable(silent: Stations) -> None:
    with pytest.raises(Unavailable):
        silent.station("4521")


def test_a_station_lets_go_of_the_cable_once_for_a_key(stations: Stations) -> None:
    first = stations.unlock("4521", "key-1")
    assert isinstance(first, Done)
    assert stations.unlock("4521", "key-1") == first


def test_a_station_that_does_not_exist_is_not_unlocked(stations: Stations) -> None:
    with pytest.raises(NotFound):
        stations.unlock("9999", "key-1")


def test_a_system_that_does_not_answer_an_unlock_is_unavailable(silent: Stations) -> None:
    with pytest.raises(Unavailable):
        silent.unlock("4521", "key-1")


def test_what_was_read_cannot_be_changed(stations: Stations) -> None:
    found = stations.station("4521")
    with pytest.raises(ValidationError, match="frozen"):
        found.status = EvseStatus.OUTOFORDER
