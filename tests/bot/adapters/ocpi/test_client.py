"""Finding the modules of a party, and registering with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bot.adapters.ocpi.client import LOCATIONS, SESSIONS
from bot.adapters.ocpi.system import OcpiSystem, open_ocpi
from bot.errors import NotFound, Unavailable
from tests.bot.adapters.ocpi.party import HOME, OWN_TOKEN, FakeParty, a_connection, envelope, rules


def test_of_several_versions_the_one_that_is_spoken_is_used(system: OcpiSystem, party: FakeParty) -> None:
    system.client.every(LOCATIONS)
    assert party.paths() == ["versions", "2.2.1", "locations"]


@pytest.mark.parametrize("versions", [("2.1.1", "2.2"), ("3.0",), ()])
def test_a_party_that_speaks_other_versions_only_is_said_to(
    system: OcpiSystem, party: FakeParty, versions: tuple[str, ...]
) -> None:
    party.versions = versions
    with pytest.raises(Unavailable, match=r"not 2\.2\.1") as caught:
        system.client.details()
    assert not caught.value.sent


def test_details_are_read_once(system: OcpiSystem, party: FakeParty) -> None:
    system.client.every(LOCATIONS)
    system.client.every(SESSIONS)
    assert party.paths().count("2.2.1") == 1


def test_of_both_interfaces_of_a_module_the_one_for_us_is_used(system: OcpiSystem, party: FakeParty) -> None:
    endpoints = [
        {"identifier": LOCATIONS, "role": "SENDER", "url": f"{HOME}/locations"},
        {"identifier": LOCATIONS, "role": "RECEIVER", "url": f"{HOME}/emsp/locations"},
    ]
    party.spoilt["/2.2.1"] = lambda request: envelope({"version": "2.2.1", "endpoints": endpoints})
    system.client.every(LOCATIONS)
    assert party.paths()[-1] == "locations"


def test_a_module_that_is_not_offered_is_named(system: OcpiSystem, party: FakeParty) -> None:
    del party.modules["commands"]
    with pytest.raises(Unavailable, match="offers no commands") as caught:
        system.commands.stop_session("S-50001", "key")
    assert not caught.value.sent


def test_a_module_that_the_details_leave_out_can_be_set(party: FakeParty) -> None:
    del party.modules["locations"]
    system = open_ocpi(a_connection(endpoints={"locations": f"{HOME}/locations"}), rules(), party)
    assert len(system.client.every(LOCATIONS).items) == 3
    system.close()


def test_a_module_on_another_host_is_not_asked(system: OcpiSystem, party: FakeParty) -> None:
    elsewhere = [{"identifier": LOCATIONS, "role": "SENDER", "url": "https://evil.example/locations"}]
    party.spoilt["/2.2.1"] = lambda request: envelope({"version": "2.2.1", "endpoints": elsewhere})
    with pytest.raises(Unavailable, match=r"evil\.example"):
        system.stations.station("4521")
    assert {each.url.host for each in party.asked} == {"cpo.example"}


def test_parts_of_an_address_cannot_lead_elsewhere(system: OcpiSystem, party: FakeParty) -> None:
    with pytest.raises(NotFound):
        system.client.one(LOCATIONS, "../../admin", "a?b#c")
    assert party.asked[-1].url.raw_path == b"/ocpi/locations/..%2F..%2Fadmin/a%3Fb%23c"


def test_routing_headers_are_sent_where_a_platform_stands_for_several(party: FakeParty) -> None:
    system = open_ocpi(a_connection(them="CH*EPO"), rules(), party)
    system.client.every(LOCATIONS)
    system.close()
    versions, _, locations = (
        {name: value for name, value in each.headers.items() if name.startswith("ocpi-")} for each in party.asked
    )
    assert versions == {}
    assert locations == {
        "ocpi-from-country-code": "CH",
        "ocpi-from-party-id": "PLD",
        "ocpi-to-country-code": "CH",
        "ocpi-to-party-id": "EPO",
    }


def test_registering_gives_our_token_and_address(system: OcpiSystem, party: FakeParty) -> None:
    credentials = system.client.register()
    assert credentials is not None
    assert credentials.token == "their-new-token"
    assert party.body() == {
        "token": OWN_TOKEN,
        "url": "https://plugdesk.example/ocpi/versions",
        "roles": [{"role": "EMSP", "country_code": "CH", "party_id": "PLD", "business_details": {"name": "Plugdesk"}}],
    }


def test_who_is_registered_already_is_told_so(system: OcpiSystem, party: FakeParty) -> None:
    party.spoilt["/credentials"] = lambda request: httpx.Response(405, json={"detail": "already registered"})
    assert system.client.register() is None


REFUSALS: dict[str, Callable[[httpx.Request], httpx.Response]] = {
    "2001": lambda request: envelope(code=2001),
    "3001": lambda request: envelope(code=3001),
    "3002": lambda request: envelope([], code=3002),
    "token": lambda request: httpx.Response(401, json={"detail": "Unauthorized"}),
    "404": lambda request: httpx.Response(404, json={"detail": "Not Found"}),
    "form: token": lambda request: envelope({"url": HOME}),
    "envelope": lambda request: httpx.Response(200, text="<html>"),
    "500": lambda request: httpx.Response(500),
}


@pytest.mark.parametrize("reason", sorted(REFUSALS))
def test_a_registration_that_fails_says_why(system: OcpiSystem, party: FakeParty, reason: str) -> None:
    party.spoilt["/credentials"] = REFUSALS[reason]
    with pytest.raises(Unavailable, match=reason):
        system.client.register()
    assert party.paths("POST") == ["credentials"]


@pytest.mark.parametrize("data", [None, {}, "2.2.1", [{"version": "2.2.1"}], [3]])
def test_nonsense_for_versions_is_said_to_be_nonsense(system: OcpiSystem, party: FakeParty, data: Any) -> None:
    party.spoilt["/versions"] = lambda request: envelope(data)
    with pytest.raises(Unavailable, match="version"):
        system.client.details()
