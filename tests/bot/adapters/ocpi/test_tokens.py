"""Tokens: whose they are, and whether they may charge."""

from __future__ import annotations

import pytest

from bot.adapters.ocpi.objects import AllowedType
from bot.adapters.ocpi.system import OcpiSystem, open_ocpi
from bot.errors import NotFound, Unavailable
from tests.bot.adapters.ocpi.party import FakeParty, a_connection, envelope, rules


@pytest.mark.parametrize("allowed", list(AllowedType))
def test_authorisation_tells_what_the_party_says(system: OcpiSystem, party: FakeParty, allowed: AllowedType) -> None:
    party.world.allowed["0412ab77"] = allowed.value
    assert system.tokens.authorise("0412AB77").allowed == allowed


def test_the_station_is_named_as_ocpi_names_it(system: OcpiSystem, party: FakeParty) -> None:
    system.tokens.authorise("0412AB77", station="4521")
    assert party.body() == {"location_id": "LOC-SEEFELD", "evse_uids": ["EV-4521"]}
    assert party.asked[-1].url.params["type"] == "RFID"


def test_authorisation_is_asked_once(system: OcpiSystem, party: FakeParty) -> None:
    party.spoilt["/authorize"] = lambda request: envelope(code=3000, http=500)
    with pytest.raises(Unavailable):
        system.tokens.authorise("0412AB77")
    assert len(party.paths("POST")) == 1


def test_a_token_that_is_not_known_is_not_found(system: OcpiSystem) -> None:
    with pytest.raises(NotFound):
        system.tokens.authorise("FFFF")


@pytest.mark.parametrize("code", [2002, 3000])
def test_an_authorisation_that_says_no_is_no_verdict(system: OcpiSystem, party: FakeParty, code: int) -> None:
    party.spoilt["/authorize"] = lambda request: envelope([], code=code)
    with pytest.raises(Unavailable, match=str(code)):
        system.tokens.authorise("0412AB77")


@pytest.mark.parametrize("data", [{}, {"allowed": "MAYBE"}, {"allowed": None}, {"allowed": True}])
def test_a_verdict_that_ocpi_does_not_have_is_none(system: OcpiSystem, party: FakeParty, data: object) -> None:
    party.spoilt["/authorize"] = lambda request: envelope(data)
    with pytest.raises(Unavailable, match="allowed"):
        system.tokens.authorise("0412AB77")


@pytest.mark.parametrize(
    ("field", "account", "uids"),
    [
        ("group_id", "30500", ["0412AB79", "0412AB80"]),
        ("group_id", "99999", []),
        ("group_id", "", []),
        ("uid", "0412AB77", ["0412AB77"]),
        ("visual_number", "70 1234 5678", ["0412AB77"]),
        ("contract_id", "CH-EPO-C00020917-1", ["0412AB77"]),
    ],
)
def test_the_tokens_of_an_account_are_those_whose_field_is_its_number(
    party: FakeParty, field: str, account: str, uids: list[str]
) -> None:
    system = open_ocpi(a_connection(accounts_by=field), rules(), party)
    assert [each.uid for each in system.tokens.of_account(account)] == uids
    system.close()


def test_a_token_without_the_field_is_nobodys(system: OcpiSystem, party: FakeParty) -> None:
    for each in party.world.tokens:
        each["group_id"] = None
    assert system.tokens.of_account("") == system.tokens.of_account("None") == ()


def test_a_broken_token_does_not_hide_the_others(system: OcpiSystem, party: FakeParty) -> None:
    party.world.tokens.insert(0, {"uid": None})
    assert system.tokens.token("0412ab77").contract_id == "CH-EPO-C00020917-1"


def test_a_token_that_a_list_with_holes_may_hide_is_not_denied(system: OcpiSystem, party: FakeParty) -> None:
    party.world.tokens.insert(0, {"uid": None})
    with pytest.raises(Unavailable, match="not whole"):
        system.tokens.token("FFFF")
    with pytest.raises(Unavailable, match="not whole"):
        system.tokens.of_account("99999")


def test_a_token_that_is_on_no_list_is_not_found(system: OcpiSystem) -> None:
    with pytest.raises(NotFound):
        system.tokens.token("FFFF")
