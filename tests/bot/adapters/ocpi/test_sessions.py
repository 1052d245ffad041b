"""Sessions of an account, read and stopped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from bot.adapters.ocpi.system import OcpiSystem
from bot.errors import NotFound, Unavailable
from bot.tools.values import Done, Money, RefusalReason, Refused, Session
from tests.bot.adapters.ocpi.party import FakeParty, envelope

ACCOUNT = "20917"


def active(system: OcpiSystem) -> Session:
    """The session that runs on the account in the beginning."""
    found = system.sessions.active(ACCOUNT)
    assert found is not None
    return found


def another(party: FakeParty, **changes: Any) -> None:
    """One more session like the first."""
    party.world.sessions.append({**party.world.sessions[0], **changes})


def test_a_session_has_what_ocpi_knows_of_it(system: OcpiSystem) -> None:
    found = active(system)
    assert (found.id, found.station, found.account) == ("S-50001", "4512", ACCOUNT)
    assert (found.kwh, found.cost) == (Decimal("7.3"), Money(amount=Decimal("2.85"), currency="CHF"))


def test_a_token_in_small_letters_is_the_same_token(system: OcpiSystem, party: FakeParty) -> None:
    party.world.sessions[0]["cdr_token"]["uid"] = "0412ab77"
    assert active(system).id == "S-50001"


@pytest.mark.parametrize("account", ["40711", "99999", "", "0412AB77"])
def test_no_session_of_another_account_is_told(system: OcpiSystem, account: str) -> None:
    assert system.sessions.active(account) is None


@pytest.mark.parametrize("status", ["COMPLETED", "INVALID", "PENDING", "RESERVATION"])
def test_only_an_active_session_runs(system: OcpiSystem, party: FakeParty, status: str) -> None:
    party.world.sessions[0]["status"] = status
    assert system.sessions.active(ACCOUNT) is None


def test_of_several_the_one_that_began_last_is_told(system: OcpiSystem, party: FakeParty) -> None:
    another(party, id="S-9", start_date_time="2099-01-01T00:00:00Z")
    assert active(system).id == "S-9"


def test_a_time_without_a_zone_is_utc(system: OcpiSystem, party: FakeParty) -> None:
    party.world.sessions[0]["start_date_time"] = "2026-11-26T10:00:00"
    assert active(system).started == datetime(2026, 11, 26, 10, tzinfo=UTC)


@pytest.mark.parametrize("cost", [None, {"excl_vat": 2.64}, {"excl_vat": 2.64, "incl_vat": None}])
def test_a_price_without_the_tax_is_not_told(system: OcpiSystem, party: FakeParty, cost: object) -> None:
    party.world.sessions[0]["total_cost"] = cost
    assert active(system).cost is None


def test_a_station_that_is_on_no_list_is_called_by_its_uid(system: OcpiSystem, party: FakeParty) -> None:
    party.world.sessions[0]["evse_uid"] = "EV-ELSEWHERE"
    assert active(system).station == "EV-ELSEWHERE"


def test_a_session_is_told_although_the_stations_cannot_be_read(system: OcpiSystem, party: FakeParty) -> None:
    party.spoilt["/locations"] = lambda request: httpx.Response(500)
    assert active(system).station == "EV-4512"


def test_only_sessions_that_changed_lately_are_asked_for(system: OcpiSystem, party: FakeParty) -> None:
    active(system)
    asked = next(each for each in party.asked if each.url.path.endswith("/sessions"))
    since = datetime.fromisoformat(asked.url.params["date_from"])
    assert timedelta(hours=71) < datetime.now(UTC) - since < timedelta(hours=73)


def test_a_broken_session_of_somebody_else_hides_nothing(system: OcpiSystem, party: FakeParty) -> None:
    another(party, id="S-9", start_date_time="yesterday")
    assert active(system).id == "S-50001"


def test_where_a_broken_session_may_be_theirs_nobody_says_that_none_runs(system: OcpiSystem, party: FakeParty) -> None:
    del party.world.sessions[0]["cdr_token"]
    with pytest.raises(Unavailable, match="not whole"):
        system.sessions.active(ACCOUNT)


def test_a_session_that_is_stopped_runs_no_more(system: OcpiSystem) -> None:
    assert system.sessions.stop("S-50001", "key") == Done()
    assert system.sessions.active(ACCOUNT) is None


def test_an_operator_that_rejects_gives_no_reason_and_the_list_does(system: OcpiSystem) -> None:
    assert system.sessions.stop("S-50000", "key") == Refused(reason=RefusalReason.NOT_RUNNING)


def test_an_operator_that_forgot_a_session_that_is_over_is_explained_too(system: OcpiSystem, party: FakeParty) -> None:
    party.world.commands["STOP_SESSION"] = {"response": "UNKNOWN_SESSION"}
    assert system.sessions.stop("s-50000", "key") == Refused(reason=RefusalReason.NOT_RUNNING)


def test_a_rejection_stays_one_while_the_session_runs(system: OcpiSystem, party: FakeParty) -> None:
    party.world.commands["STOP_SESSION"] = {"response": "REJECTED"}
    assert system.sessions.stop("S-50001", "key") == Refused(reason=RefusalReason.OTHER)


def test_a_rejection_stays_one_where_the_list_cannot_be_read(system: OcpiSystem, party: FakeParty) -> None:
    party.spoilt["/sessions"] = lambda request: envelope(code=3000)
    assert system.sessions.stop("S-50000", "key") == Refused(reason=RefusalReason.OTHER)


def test_a_session_that_there_is_not_is_not_found(system: OcpiSystem) -> None:
    with pytest.raises(NotFound):
        system.sessions.stop("S-1", "key")
