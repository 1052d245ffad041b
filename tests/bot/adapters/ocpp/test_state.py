"""What is kept of chargers, and what may be said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.ocpp.database import OcppDatabase
from bot.adapters.ocpp.rules import OcppRules
from bot.adapters.ocpp.state import OcppState
from bot.errors import NotFound
from bot.tools.values import Connector, ConnectorStatus
from tests.bot.adapters.ocpp.conftest import StillClock

AVAILABLE, CHARGING, FAULTED = ConnectorStatus.AVAILABLE, ConnectorStatus.CHARGING, ConnectorStatus.FAULTED


def test_a_charger_that_was_never_added_is_not_found(state: OcppState) -> None:
    with pytest.raises(NotFound, match="C2"):
        state.charger("C2")


def test_a_charger_that_was_never_heard_of_is_not_connected(state: OcppState) -> None:
    state.add("C2", "hash")
    assert (state.charger("C2").connected, state.charger("C2").heard_at) == (False, None)


def test_adding_again_changes_the_password_and_keeps_the_rest(state: OcppState, clock: StillClock) -> None:
    state.booted("C1", "Maker", "Model 1")
    state.add("C1", "another")
    assert state.password("C1") == "another"
    assert state.charger("C1").booted_at == clock.now()


def test_a_boot_tells_model_and_time(state: OcppState, clock: StillClock) -> None:
    state.booted("C1", "Maker", "Model 1")
    found = state.charger("C1")
    assert (found.model, found.booted_at, found.vendor, found.plan) == ("Model 1", clock.now(), None, None)


def test_a_boot_voids_what_the_connectors_reported(state: OcppState) -> None:
    state.report("C1", 1, 1, FAULTED, "GroundFailure")
    state.booted("C1", "Maker", "Model 1")
    assert state.charger("C1").connector is None


@pytest.mark.parametrize(("seconds", "connected"), [(119, True), (120, False)])
def test_a_charger_is_connected_for_two_heartbeats(
    state: OcppState, clock: StillClock, seconds: int, connected: bool
) -> None:
    clock.pass_by(seconds)
    assert state.charger("C1").connected is connected


def test_of_a_charger_that_fell_silent_nothing_is_said_to_be_so_now(state: OcppState, clock: StillClock) -> None:
    state.report("C1", 1, 1, AVAILABLE)
    state.started("C1", "t", 2, "ane")
    clock.pass_by(120)
    found = state.charger("C1")
    assert (found.connector, found.charging_by) == (None, None)


def test_an_open_socket_is_needed_too(state: OcppState) -> None:
    state.connected("C1", False)
    assert not state.charger("C1").connected


def test_a_report_says_since_when(state: OcppState, clock: StillClock) -> None:
    state.report("C1", 1, 1, FAULTED, "ReaderFailure")
    first = clock.now()
    clock.pass_by(30)
    state.report("C1", 1, 1, FAULTED, "ReaderFailure")
    assert state.charger("C1").connector == Connector(status=FAULTED, error="ReaderFailure", since=first)


def test_another_error_is_news(state: OcppState, clock: StillClock) -> None:
    state.report("C1", 1, 1, FAULTED, "ReaderFailure")
    clock.pass_by(30)
    state.report("C1", 1, 1, FAULTED, "GroundFailure")
    assert state.charger("C1").connector == Connector(status=FAULTED, error="GroundFailure", since=clock.now())


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_of_several_connectors_the_most_telling_stands_for_the_charger(
    state: OcppState, order: tuple[int, ...]
) -> None:
    statuses = (AVAILABLE, CHARGING, ConnectorStatus.UNAVAILABLE)
    for evse in order:
        state.report("C1", evse, 1, statuses[evse])
    connector = state.charger("C1").connector
    assert connector is not None
    assert connector.status == CHARGING


@pytest.mark.parametrize("error", ["GroundFailure", "HighTemperature"])
def test_a_danger_at_any_connector_stands_for_the_charger(state: OcppState, error: str) -> None:
    state.report("C1", 1, 1, FAULTED, "ReaderFailure")
    state.report("C1", 2, 1, CHARGING, error)
    connector = state.charger("C1").connector
    assert connector is not None
    assert connector.error == error


def test_who_charges_is_known_until_the_transaction_ends(state: OcppState) -> None:
    number = state.started("C1", "t", 1, "ane")
    assert (state.charger("C1").charging_by, state.in_use("C1")) == ("ane", True)
    assert state.ended("C1", number)
    assert (state.charger("C1").charging_by, state.in_use("C1")) == (None, False)


def test_a_stranger_who_charges_uses_it_too(state: OcppState) -> None:
    state.started("C1", "t", 1, None)
    assert (state.charger("C1").charging_by, state.in_use("C1")) == (None, True)


@pytest.mark.parametrize(("status", "used"), [(CHARGING, True), (ConnectorStatus.SUSPENDED_EV, True), (FAULTED, False)])
def test_a_connector_tells_use_without_a_transaction(state: OcppState, status: ConnectorStatus, used: bool) -> None:
    state.report("C1", 1, 1, status)
    assert state.in_use("C1") is used


def test_a_transaction_that_is_sent_twice_is_one(state: OcppState) -> None:
    assert state.started("C1", "t", 1, "ane") == state.started("C1", "t", 1, "ane")


def test_a_start_that_is_sent_again_after_its_end_runs_no_more(state: OcppState) -> None:
    state.ended("C1", state.started("C1", "t", 1, "ane"))
    state.started("C1", "t", 1, "ane")
    assert not state.in_use("C1")


def test_the_next_transaction_at_a_connector_ends_a_forgotten_one(state: OcppState) -> None:
    state.started("C1", "t", 1, "ane")
    state.ended("C1", state.started("C1", "u", 1, "per"))
    assert not state.in_use("C1")


def test_a_free_connector_ends_a_forgotten_transaction(state: OcppState) -> None:
    state.started("C1", "t", 1, "ane")
    state.report("C1", 0, 0, AVAILABLE)
    assert state.in_use("C1")
    state.report("C1", 1, 1, AVAILABLE)
    assert not state.in_use("C1")


def test_a_free_connector_beside_a_used_one_ends_nothing(state: OcppState) -> None:
    state.started("C1", "t", 1, "ane")
    state.report("C1", 1, 1, ConnectorStatus.PREPARING)
    state.report("C1", 1, 2, AVAILABLE)
    assert state.in_use("C1")


def test_nobody_ends_the_transaction_of_another_charger(state: OcppState) -> None:
    state.add("C2", "hash")
    number = state.started("C1", "t", 1, "ane")
    assert not state.ended("C2", number)
    assert state.in_use("C1")


def test_an_event_of_a_transaction_counts_once_and_in_order(state: OcppState) -> None:
    number = state.started("C1", "t", 1, None)
    assert state.progressed("C1", number, 3, 0, "ane", False) == 1
    assert state.progressed("C1", number, 3, 0, "per", False) is None
    assert state.progressed("C1", number, 2, 0, None, True) is None
    assert (state.charger("C1").charging_by, state.in_use("C1")) == ("ane", True)


def test_a_gateway_is_alive_while_it_says_so(state: OcppState, clock: StillClock) -> None:
    clock.pass_by(9)
    assert state.alive()
    clock.pass_by(1)
    assert not state.alive()


def test_a_new_gateway_has_nobody_connected(state: OcppState) -> None:
    state.begin()
    assert not state.charger("C1").connected


def test_another_process_sees_the_same(state: OcppState, tmp_path: Path, clock: StillClock, rules: OcppRules) -> None:
    state.report("C1", 1, 1, CHARGING)
    other = OcppDatabase(tmp_path / "ocpp.db", clock.now)
    assert OcppState(other, rules).charger("C1") == state.charger("C1")
    other.close()


def test_all_chargers_stand_in_order(state: OcppState) -> None:
    state.add("B9", "hash")
    assert [each.id for each in state.all()] == ["B9", "C1"]
