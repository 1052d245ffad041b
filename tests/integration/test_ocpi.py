"""The OCPI client against a party that this project did not write; see .ci/ocpi."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from bot.adapters.ocpi.client import SPOKEN
from bot.adapters.ocpi.connection import OcpiConnection, Party
from bot.adapters.ocpi.objects import AllowedType
from bot.adapters.ocpi.results import CommandResults
from bot.adapters.ocpi.rules import OcpiRules
from bot.adapters.ocpi.system import OcpiSystem, open_ocpi
from bot.channels.ocpi import ocpi_router
from bot.errors import NotFound, Unavailable
from bot.tools.values import Done, EvseStatus, RefusalReason, Refused, Unsure

SERVER = os.environ.get("PLUGDESK_TEST_OCPI", "")
OWN_TOKEN, TOKEN_A, TOKEN_C = "token-b-of-the-tests", "token-a-of-the-tests", "token-c-of-the-tests"
pytestmark = [
    pytest.mark.ocpi,
    pytest.mark.skipif(not SERVER, reason="PLUGDESK_TEST_OCPI is not set; .ci/ocpi starts a server and prints it"),
]


class Mailbox:
    """Results of commands go to whichever system listens now."""

    def __init__(self) -> None:
        self.results = CommandResults()

    def arrived(self, command: str, result: str) -> bool:
        return self.results.arrived(command, result)


@contextmanager
def served(mailbox: Mailbox) -> Iterator[str]:
    """Our side on a loopback port: the address."""
    listening = socket.create_server(("127.0.0.1", 0))
    public = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = FastAPI()
    app.include_router(ocpi_router(mailbox, OWN_TOKEN, public))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield public
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture(scope="module")
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture(scope="module")
def public(mailbox: Mailbox) -> Iterator[str]:
    with served(mailbox) as address:
        yield address


@pytest.fixture
def connection(public: str) -> OcpiConnection:
    httpx.post(f"{SERVER}/world/reset", json={"client_token": OWN_TOKEN}).raise_for_status()
    return OcpiConnection(
        versions=f"{SERVER}/ocpi/versions",
        token=SecretStr(TOKEN_C),
        own_token=SecretStr(OWN_TOKEN),
        us="CH*PLD",
        name="Plugdesk",
        public=public,
        parties={"CH*EPO": Party(vendor="eponet"), "IT*CPI": Party(vendor="chargepoint")},
        # The library has the module, and leaves it out of its version details.
        endpoints={"commands": f"{SERVER}/ocpi/cpo/{SPOKEN}/commands"},
    )


@contextmanager
def opened(connection: OcpiConnection, mailbox: Mailbox) -> Iterator[OcpiSystem]:
    rules = OcpiRules.load().model_copy(update={"page": 1, "result_s": 2.0})
    system = open_ocpi(connection, rules)
    mailbox.results = system.results
    yield system
    system.close()


@pytest.fixture
def system(connection: OcpiConnection, mailbox: Mailbox) -> Iterator[OcpiSystem]:
    with opened(connection, mailbox) as found:
        yield found


def change(what: str, **values: str) -> None:
    httpx.post(f"{SERVER}/world/{what}", json=values).raise_for_status()


def received() -> list[str]:
    """The commands that reached the party."""
    return [each["command"] for each in httpx.get(f"{SERVER}/world/received").json()]


def test_versions_are_read(system: OcpiSystem) -> None:
    assert {each.version for each in system.client.versions()} == {"2.1.1", "2.2.1"}


def test_the_details_are_those_of_the_version_that_is_spoken(system: OcpiSystem) -> None:
    details = system.client.details()
    assert details.version == SPOKEN
    assert {"locations", "sessions", "tokens", "credentials"} <= {each.identifier for each in details.endpoints}


def test_registering_gives_a_token_that_works(connection: OcpiConnection, mailbox: Mailbox) -> None:
    with opened(connection.model_copy(update={"token": SecretStr(TOKEN_A)}), mailbox) as stranger:
        credentials = stranger.client.register()
    assert credentials is not None
    assert [(each.role, each.country_code, each.party_id) for each in credentials.roles] == [("CPO", "ch", "epo")]
    with opened(connection.model_copy(update={"token": SecretStr(credentials.token)}), mailbox) as known:
        assert known.stations.station("4521").number == "4521"


def test_who_is_registered_already_is_told_so(system: OcpiSystem) -> None:
    assert system.client.register() is None


def test_a_party_that_cannot_reach_us_refuses_to_register(connection: OcpiConnection, mailbox: Mailbox) -> None:
    # Our own versions are not where we say, so theirs fails to read them (status code 3001).
    away = connection.model_copy(update={"token": SecretStr(TOKEN_A), "public": f"{SERVER}/nowhere"})
    with opened(away, mailbox) as stranger, pytest.raises(Unavailable, match="3001"):
        stranger.client.register()


def test_a_wrong_token_is_said_to_be_wrong(connection: OcpiConnection, mailbox: Mailbox) -> None:
    wrong = connection.model_copy(update={"token": SecretStr("not-the-token")})
    with opened(wrong, mailbox) as stranger, pytest.raises(Unavailable, match="token"):
        stranger.client.versions()


def test_all_pages_of_locations_are_read(system: OcpiSystem) -> None:
    listed = system.client.every("locations")
    assert [each["id"] for each in listed.items] == ["loc-seefeld", "loc-milano", "loc-brennero"]
    assert listed.complete


def test_a_list_whose_address_lacks_the_slash_is_found(connection: OcpiConnection, mailbox: Mailbox) -> None:
    endpoints = {**connection.endpoints, "locations": f"{SERVER}/ocpi/cpo/{SPOKEN}/locations"}
    with opened(connection.model_copy(update={"endpoints": endpoints}), mailbox) as redirected:
        assert len(redirected.client.every("locations").items) == 3


@pytest.mark.parametrize("called", ["4521", "CH*EPO*E4521", "chepoe4521", "EV-4521"])
def test_a_station_is_found_by_whatever_it_is_called(system: OcpiSystem, called: str) -> None:
    found = system.stations.station(called)
    assert (found.number, found.evse_id, found.status) == ("4521", "CH*EPO*E4521", EvseStatus.AVAILABLE)
    assert (found.vendor, found.network, found.operator) == ("eponet", "own", "Verwaltung Seefeld AG")
    assert (found.country, found.phone, found.heard_at) == ("CH", None, None)


def test_a_partners_station_is_a_partners(system: OcpiSystem) -> None:
    found = system.stations.station("3002")
    assert (found.network, found.vendor, found.country) == ("partner", None, "IT")


def test_a_station_that_there_is_not_is_not_found(system: OcpiSystem) -> None:
    with pytest.raises(NotFound):
        system.stations.station("9999")


def test_a_change_of_status_is_seen_at_once(system: OcpiSystem) -> None:
    assert system.stations.station("4521").status == EvseStatus.AVAILABLE
    change("status", uid="EV-4521", value="OUTOFORDER")
    assert system.stations.station("4521").status == EvseStatus.OUTOFORDER


@pytest.mark.parametrize(
    ("token", "allowed"),
    [
        ("0412AB77", AllowedType.ALLOWED),
        ("0412AB78", AllowedType.NO_CREDIT),
        ("0412AB79", AllowedType.BLOCKED),
        ("0412AB80", AllowedType.EXPIRED),
        ("0412AB81", AllowedType.NOT_ALLOWED),
    ],
)
def test_authorisation_has_every_outcome(system: OcpiSystem, token: str, allowed: AllowedType) -> None:
    assert system.tokens.authorise(token, station="4521").allowed == allowed


def test_a_token_that_there_is_not_is_not_found(system: OcpiSystem) -> None:
    with pytest.raises(NotFound):
        system.tokens.authorise("FFFFFFFF")


def test_the_session_of_an_account_is_found(system: OcpiSystem) -> None:
    found = system.sessions.active("20917")
    assert found is not None
    assert (found.id, found.station, found.account) == ("s-50001", "4512", "20917")
    assert found.cost is not None
    assert (str(found.kwh), str(found.cost.amount), found.cost.currency) == ("7.3", "2.85", "CHF")


def test_no_session_runs_on_another_account(system: OcpiSystem) -> None:
    assert system.sessions.active("40711") is None


def test_a_session_is_stopped_once_its_result_arrived(system: OcpiSystem) -> None:
    assert system.sessions.stop("s-50001", "key-1") == Done()
    assert system.sessions.active("20917") is None


def test_the_same_key_stops_once(system: OcpiSystem) -> None:
    assert system.sessions.stop("s-50001", "key-1") == system.sessions.stop("s-50001", "key-1") == Done()
    assert received() == ["STOP_SESSION"]


def test_a_session_that_is_over_runs_no_more(system: OcpiSystem) -> None:
    assert system.sessions.stop("s-50000", "key-1") == Refused(reason=RefusalReason.NOT_RUNNING)


def test_a_session_that_there_is_not_is_not_found(system: OcpiSystem) -> None:
    with pytest.raises(NotFound):
        system.sessions.stop("s-1", "key-1")


def test_a_result_that_never_comes_leaves_it_open(system: OcpiSystem) -> None:
    change("command", name="STOP_SESSION", result="")
    assert isinstance(system.sessions.stop("s-50001", "key-1"), Unsure)


def test_an_unlock_that_the_charge_point_accepts_is_done(system: OcpiSystem) -> None:
    assert system.commands.unlock_connector("4512", "key-1", connector="2") == Done()


def test_an_unlock_that_the_charge_point_rejects_is_refused(system: OcpiSystem) -> None:
    change("command", name="UNLOCK_CONNECTOR", result="REJECTED")
    assert system.commands.unlock_connector("4521", "key-1") == Refused(reason=RefusalReason.OTHER)


def test_an_unlock_that_the_operator_rejects_is_refused(system: OcpiSystem) -> None:
    change("command", name="UNLOCK_CONNECTOR", response="NOT_SUPPORTED")
    assert system.commands.unlock_connector("4521", "key-1") == Refused(reason=RefusalReason.NOT_AVAILABLE)


def test_a_session_starts_with_a_whole_token(system: OcpiSystem) -> None:
    assert system.commands.start_session("0412AB77", "4521", "key-1") == Done()
    assert received() == ["START_SESSION"]
