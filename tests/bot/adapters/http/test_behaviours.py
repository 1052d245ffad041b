"""The example file over the example server, which does everything that servers do."""

from __future__ import annotations

import socket
import time

import pytest

from bot.adapters.http.connector import HttpConnector
from bot.adapters.http.ports import HttpAccounts, HttpChargers, HttpStations
from bot.errors import NotFound, Unavailable
from bot.tools.values import ConnectorStatus, Done, EvseStatus, PassState, Refused
from tests.bot.adapters.http.opened import EXAMPLE, environment, opened
from tests.bot.adapters.http.server import SLOW_S, TOKEN, ExampleServer


def test_what_the_system_says_in_its_words_is_told_in_ours(connector: HttpConnector) -> None:
    found = HttpStations(connector).station("7781")
    assert found.connector is not None
    assert (found.status, found.connector.status) == (EvseStatus.OUTOFORDER, ConnectorStatus.FAULTED)
    assert found.connector.error == "OtherError"


def test_words_are_looked_up_within_lists_too(connector: HttpConnector) -> None:
    assert [each.state for each in HttpAccounts(connector).account("30500").passes] == [PassState.INACTIVE]


def test_the_system_knows_us_by_the_token(server: ExampleServer, connector: HttpConnector) -> None:
    HttpAccounts(connector).account("40711")
    assert server.seen[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("error", "answered 500"),
        ("html", "answered 200 with a page of HTML"),
        ("html_not_found", "answered 404 with a page of HTML"),
        ("half", "answered 200 with application/json, which holds no JSON"),
        ("hang_up", r"cannot be reached \(RemoteProtocolError\)"),
        ("wrong_types", "answered what does not fit: .*vendor: .*string"),
        ("huge", "answered more than 1000000 bytes"),
        ("redirect", r"sends on to somewhere else \(302\), which is not followed"),
        ("conflict", "answered 409"),
    ],
)
def test_an_answer_that_is_none_is_unavailable_in_words(
    server: ExampleServer, connector: HttpConnector, behaviour: str, reason: str
) -> None:
    server.behaviour = behaviour
    with pytest.raises(Unavailable, match=f"^{reason}") as error:
        HttpAccounts(connector).account("40711")
    assert error.value.sent


def test_what_the_system_does_not_know_is_not_found(server: ExampleServer, connector: HttpConnector) -> None:
    server.behaviour = "not_found"
    with pytest.raises(NotFound):
        HttpAccounts(connector).account("40711")


def test_a_redirect_is_not_followed(server: ExampleServer, connector: HttpConnector) -> None:
    server.behaviour = "redirect"
    with pytest.raises(Unavailable):
        HttpAccounts(connector).account("40711")
    assert [each.path for each in server.seen] == ["/v1/accounts/40711"]


@pytest.mark.parametrize("behaviour", ["slow", "trickle"])
def test_a_slow_system_is_not_waited_for(server: ExampleServer, behaviour: str) -> None:
    server.behaviour = behaviour
    began = time.monotonic()
    with (
        opened(EXAMPLE, environment(server.url), timeout_s=0.2) as connector,
        pytest.raises(Unavailable, match="no answer in time") as error,
    ):
        HttpAccounts(connector).account("40711")
    assert time.monotonic() - began < SLOW_S
    assert error.value.sent


def test_a_system_that_is_slow_but_in_time_is_read(server: ExampleServer, connector: HttpConnector) -> None:
    server.behaviour = "slow"
    assert HttpAccounts(connector).account("40711").vendor == "eponet"


def test_a_system_that_nobody_serves_was_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
    with opened(EXAMPLE, environment(url)) as connector, pytest.raises(Unavailable) as error:
        HttpChargers(connector).restart("310244", "key-1")
    assert (error.value.reason, error.value.sent) == ("cannot be reached (ConnectError)", False)


def test_a_token_that_the_system_does_not_know_is_pointed_at(server: ExampleServer) -> None:
    environ = {"EXAMPLE_URL": server.url, "EXAMPLE_TOKEN": "an-old-one"}
    with opened(EXAMPLE, environ) as connector, pytest.raises(Unavailable, match="look at the credentials under auth"):
        HttpAccounts(connector).account("40711")


def test_a_restart_carries_its_key_and_is_done_once(server: ExampleServer, connector: HttpConnector) -> None:
    server.failures = 1
    assert HttpChargers(connector).restart("310244", "key-1") == Done(reference="C-1")
    assert [each.headers["idempotency-key"] for each in server.seen] == ["key-1", "key-1"]
    assert len(server.world.done) == 1


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("40711?admin=1", "/v1/accounts/40711%3Fadmin%3D1"),
        ("40711#x", "/v1/accounts/40711%23x"),
        ("4 07;11", "/v1/accounts/4%2007%3B11"),
        ("№", "/v1/accounts/%E2%84%96"),
    ],
)
def test_a_value_stays_within_its_segment(
    server: ExampleServer, connector: HttpConnector, value: str, path: str
) -> None:
    with pytest.raises(NotFound):
        HttpAccounts(connector).account(value)
    assert [each.path for each in server.seen] == [path]


@pytest.mark.parametrize(
    "value", ["", ".", "..", "../chargers/310244", "a/b", "a\\b", "%2e%2e%2fx", "a\n", "a\0", "\ud800"]
)
def test_a_value_that_could_leave_its_segment_is_not_sent(
    server: ExampleServer, connector: HttpConnector, value: str
) -> None:
    with pytest.raises(NotFound):
        HttpAccounts(connector).account(value)
    assert server.seen == []


def test_a_value_in_the_query_stays_one(server: ExampleServer, connector: HttpConnector) -> None:
    with pytest.raises(NotFound):
        HttpStations(connector).station("4521&all=1")
    assert [each.path for each in server.seen] == ["/v1/stations?code=4521%26all%3D1"]


def test_a_key_that_no_header_can_hold_is_not_sent(server: ExampleServer, connector: HttpConnector) -> None:
    with pytest.raises(NotFound):
        HttpChargers(connector).restart("310244", "key\r\nX-Admin: 1")
    assert server.seen == []


def test_a_refusal_has_its_reason(connector: HttpConnector) -> None:
    assert HttpChargers(connector).restart("310246", "key-1") == Refused(reason="not_connected")
