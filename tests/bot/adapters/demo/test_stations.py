from __future__ import annotations

import pytest

from bot.adapters.demo.errors import WorldError
from bot.adapters.demo.stations import DemoStations
from bot.adapters.demo.world import DemoWorld
from bot.tools.values import Connector, ConnectorStatus, EvseStatus
from tests.bot.adapters.demo.conftest import Hours


@pytest.mark.parametrize(
    ("status", "connector", "error"),
    [
        ("AVAILABLE", "Available", "NoError"),
        ("BLOCKED", "Finishing", "NoError"),
        ("CHARGING", "Charging", "NoError"),
        ("INOPERATIVE", "Unavailable", "NoError"),
        ("OUTOFORDER", "Faulted", "OtherError"),
        ("RESERVED", "Reserved", "NoError"),
    ],
)
def test_what_the_charger_says_follows_from_the_status(
    world: DemoWorld, hours: Hours, status: str, connector: str, error: str
) -> None:
    world.set_station_status("3002", status)
    found = DemoStations(world).station("3002")
    assert found.status == EvseStatus(status)
    assert found.connector == Connector(status=ConnectorStatus(connector), since=hours.now(), error=error)


@pytest.mark.parametrize("status", ["PLANNED", "REMOVED", "UNKNOWN"])
def test_nothing_is_known_of_a_charger_that_is_not_there_or_not_heard(world: DemoWorld, status: str) -> None:
    world.set_station_status("4521", status)
    assert DemoStations(world).station("4521").connector is None


def test_what_the_charger_says_can_be_set(world: DemoWorld) -> None:
    world.set_station_status("4521", "CHARGING", connector="SuspendedEV")
    connector = DemoStations(world).station("4521").connector
    assert connector is not None
    assert connector.status == ConnectorStatus.SUSPENDED_EV


def test_an_error_of_the_charger_can_be_set(world: DemoWorld) -> None:
    world.set_station_status("4521", "OUTOFORDER", error="GroundFailure")
    connector = DemoStations(world).station("4521").connector
    assert connector is not None
    assert connector.error == "GroundFailure"


def test_a_station_of_unknown_status_is_not_heard_of_again(world: DemoWorld, hours: Hours) -> None:
    silent_since = hours.now()
    world.set_station_status("4521", "UNKNOWN")
    hours.pass_by(3600)
    assert DemoStations(world).station("4521").heard_at == silent_since


def test_a_station_that_has_a_status_again_is_heard_of(world: DemoWorld, hours: Hours) -> None:
    world.set_station_status("4521", "UNKNOWN")
    hours.pass_by(3600)
    world.set_station_status("4521", "AVAILABLE")
    assert DemoStations(world).station("4521").heard_at == hours.now()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"number": "9999"}, "no station '9999'. Use one of 4521, 4512, 7781, 3002"),
        ({"status": "BROKEN"}, "no EVSE status 'BROKEN'. Use one of AVAILABLE, BLOCKED"),
        ({"connector": "Broken"}, "no connector status 'Broken'. Use one of Available, Preparing"),
        ({"error": "Broken"}, "no error code 'Broken'. Use one of ConnectorLockFailure"),
    ],
)
def test_what_there_is_not_is_answered_with_what_there_is(
    world: DemoWorld, changes: dict[str, str], complaint: str
) -> None:
    with pytest.raises(WorldError, match=complaint):
        world.set_station_status(**{"number": "4521", "status": "OUTOFORDER"} | changes)
    assert DemoStations(world).station("4521").status == EvseStatus.AVAILABLE
