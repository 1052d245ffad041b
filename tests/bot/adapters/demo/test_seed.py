"""What the demo world holds in the beginning (product.md, section 6), beyond what every backend must."""

from __future__ import annotations

import pytest

from bot.adapters.demo.accounts import DemoAccounts
from bot.adapters.demo.chargers import DemoChargers
from bot.adapters.demo.sessions import DemoSessions
from bot.adapters.demo.stations import DemoStations
from bot.adapters.demo.world import DemoWorld
from bot.tools.values import ConnectorStatus, PassState, ReportState, TicketKind
from tests.bot.adapters.demo.conftest import Hours


@pytest.mark.parametrize(
    ("number", "vendor"), [("4521", "eponet"), ("4512", "eponet"), ("7781", "chargepoint"), ("3002", None)]
)
def test_a_station_of_the_own_network_has_the_vendor_that_bills_there(
    world: DemoWorld, number: str, vendor: str | None
) -> None:
    assert DemoStations(world).station(number).vendor == vendor


@pytest.mark.parametrize(
    ("number", "status", "error"),
    [("4521", "Available", "NoError"), ("4512", "Charging", "NoError"), ("7781", "Faulted", "OtherError")],
)
def test_a_charger_at_a_station_says_how_it_is(world: DemoWorld, number: str, status: str, error: str) -> None:
    connector = DemoStations(world).station(number).connector
    assert connector is not None
    assert (connector.status, connector.error) == (ConnectorStatus(status), error)


def test_a_partner_station_tells_nothing_of_its_charger(world: DemoWorld) -> None:
    assert DemoStations(world).station("3002").connector is None


@pytest.mark.parametrize("number", ["40711", "10482", "20917", "30500"])
def test_every_account_is_active(world: DemoWorld, number: str) -> None:
    assert DemoAccounts(world).account(number).active


@pytest.mark.parametrize(
    ("number", "printed", "state"), [("20917", "70 1234 5678", "active"), ("30500", "70 8765 4321", "inactive")]
)
def test_two_accounts_have_a_pass(world: DemoWorld, number: str, printed: str, state: str) -> None:
    (found,) = DemoAccounts(world).account(number).passes
    assert (found.number, found.state) == (printed, PassState(state))


def test_the_session_that_runs_began_a_while_ago(world: DemoWorld, hours: Hours) -> None:
    session = DemoSessions(world).active("20917")
    assert session is not None
    assert (hours.now() - session.started).total_seconds() == 40 * 60


@pytest.mark.parametrize(
    ("report", "station", "state"),
    [("R-20418", "7781", ReportState.OWNER_CONTACTED), ("R-20377", "4521", ReportState.BACK_IN_OPERATION)],
)
def test_there_are_two_reports(world: DemoWorld, report: str, station: str, state: ReportState) -> None:
    found = {each.id: each for each in world.seed_tickets()}[report]
    assert (found.kind, found.station, found.state, found.repair_by) == (TicketKind.FAULT, station, state, None)


def test_what_is_connected_was_heard_of_just_now(world: DemoWorld, hours: Hours) -> None:
    hours.pass_by(86_400)
    assert DemoStations(world).station("4521").heard_at == hours.now()
    assert DemoChargers(world).charger("310244").heard_at == hours.now()


def test_a_charger_that_is_not_connected_was_heard_of_days_ago(world: DemoWorld, hours: Hours) -> None:
    heard_at = DemoChargers(world).charger("310246").heard_at
    assert heard_at is not None
    assert (hours.now() - heard_at).days == 2
