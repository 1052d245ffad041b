from __future__ import annotations

import pytest

from bot.adapters.demo.errors import WorldError
from bot.adapters.demo.sessions import DemoSessions
from bot.adapters.demo.stations import DemoStations
from bot.adapters.demo.world import DemoWorld
from bot.errors import NotFound
from bot.tools.values import ConnectorStatus, Done, EvseStatus


def station(world: DemoWorld, number: str) -> tuple[EvseStatus, ConnectorStatus | None]:
    found = DemoStations(world).station(number)
    return found.status, found.connector.status if found.connector else None


def test_a_session_that_begins_runs_on_its_account(world: DemoWorld) -> None:
    begun = world.start_session("30500", "4521")
    assert DemoSessions(world).active("30500") == begun
    assert begun.station == "4521"


def test_a_session_that_begins_occupies_its_station(world: DemoWorld) -> None:
    world.start_session("30500", "4521")
    assert station(world, "4521") == (EvseStatus.CHARGING, ConnectorStatus.CHARGING)


def test_sessions_have_ids_of_their_own(world: DemoWorld) -> None:
    first = world.end_session("20917").id
    second = world.start_session("20917", "4512").id
    third = world.start_session("30500", "4521").id
    assert len({first, second, third}) == 3


def test_a_driver_who_ends_a_session_leaves_the_station_free(world: DemoWorld) -> None:
    world.end_session("20917")
    assert DemoSessions(world).active("20917") is None
    assert station(world, "4512") == (EvseStatus.AVAILABLE, ConnectorStatus.AVAILABLE)


def test_a_session_stopped_from_afar_leaves_the_cable_in(world: DemoWorld) -> None:
    DemoSessions(world).stop("S-50001", "key-1")
    assert station(world, "4512") == (EvseStatus.BLOCKED, ConnectorStatus.FINISHING)


def test_the_same_key_again_changes_nothing(world: DemoWorld) -> None:
    DemoSessions(world).stop("S-50001", "key-1")
    world.set_station_status("4512", "AVAILABLE")
    assert isinstance(DemoSessions(world).stop("S-50001", "key-1"), Done)
    assert station(world, "4512") == (EvseStatus.AVAILABLE, ConnectorStatus.AVAILABLE)


def test_a_key_whose_command_found_nothing_may_be_used_again(world: DemoWorld) -> None:
    with pytest.raises(NotFound):
        DemoSessions(world).stop("S-1", "key-1")
    assert isinstance(DemoSessions(world).stop("S-50001", "key-1"), Done)


@pytest.mark.parametrize(("account", "place"), [("20917", "4521"), ("30500", "4512")])
def test_an_account_and_a_station_have_one_session_at_a_time(world: DemoWorld, account: str, place: str) -> None:
    with pytest.raises(WorldError, match=r"Session S-50001 of account 20917 runs at station 4512. End it first"):
        world.start_session(account, place)


def test_a_session_that_does_not_run_cannot_be_ended(world: DemoWorld) -> None:
    with pytest.raises(WorldError, match=r"No session runs on account 40711. Start one first"):
        world.end_session("40711")


@pytest.mark.parametrize(
    ("account", "place", "complaint"),
    [("99999", "4521", "no account '99999'. Use one of 40711"), ("30500", "9", "no station '9'. Use one of 4521")],
)
def test_who_or_where_there_is_not_is_answered_with_those_that_exist(
    world: DemoWorld, account: str, place: str, complaint: str
) -> None:
    with pytest.raises(WorldError, match=complaint):
        world.start_session(account, place)


def test_the_session_of_an_unknown_account_cannot_be_ended(world: DemoWorld) -> None:
    with pytest.raises(WorldError, match="no account '99999'"):
        world.end_session("99999")
