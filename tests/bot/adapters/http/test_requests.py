"""How the file's requests and credentials are made, and what the ports do with answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.adapters.http.connector import HttpConnector
from bot.adapters.http.ports import HttpAccounts, HttpChargers, HttpSessions, HttpStations
from bot.adapters.http.spec import read_spec
from bot.errors import SettingsError, Unavailable
from bot.tools.values import Refused
from tests.bot.adapters.http.opened import EXAMPLE, Scripted, a_spec, environment, opened
from tests.bot.adapters.http.server import ExampleServer

RESTART: dict[str, Any] = {"method": "POST", "path": "/restart"}
NAMED = {"env": "KEY"}


def sent(folder: Path, name: str, call: dict[str, Any], arguments: dict[str, str], **keys: Any) -> httpx.Request:
    """The request that a call makes."""
    network = Scripted(httpx.Response(204))
    connector = HttpConnector(a_spec(folder, calls={name: call}, **keys), {"KEY": "s3cret", "USER": "ane"}, network)
    connector.ask(name, arguments)
    connector.close()
    return network.requests[0]


def test_a_body_is_made_of_the_arguments(tmp_path: Path) -> None:
    body = "{charger: {id: to_number(charger)}, why: [join(' ', ['plugdesk', key]), word('why', 'asked')]}"
    words = {"why": {"asked": "driver"}}
    arguments = {"charger": "310244", "key": "k"}
    request = sent(tmp_path, "chargers.restart", {**RESTART, "body": body}, arguments, words=words)
    assert json.loads(request.content) == {"charger": {"id": 310244}, "why": ["plugdesk k", "driver"]}
    assert request.headers["Content-Type"] == "application/json"


def test_a_header_of_the_file_takes_the_place_of_ours(tmp_path: Path) -> None:
    call = {**RESTART, "body": "{a: key}", "headers": {"content-type": "application/vnd.api+json"}}
    request = sent(tmp_path, "chargers.restart", call, {"charger": "7", "key": "k"})
    assert request.headers.get_list("Content-Type") == ["application/vnd.api+json"]


def test_a_value_that_no_address_can_hold_is_not_sent(server: ExampleServer, connector: HttpConnector) -> None:
    with pytest.raises(Unavailable, match="the address would be too long") as error:
        HttpAccounts(connector).account("4" * 70_000)
    assert not error.value.sent
    assert server.seen == []


@pytest.mark.parametrize("body", ["{id: to_number(charger)}", "[{a: to_number(charger)}]", "abs(charger)"])
def test_a_command_that_would_lack_a_part_is_not_sent(tmp_path: Path, body: str) -> None:
    network = Scripted(httpx.Response(204))
    connector = HttpConnector(a_spec(tmp_path, calls={"chargers.restart": {**RESTART, "body": body}}), {}, network)
    with pytest.raises(Unavailable, match="cannot be asked, body: ") as error:
        connector.ask("chargers.restart", {"charger": "many", "key": "k"})
    connector.close()
    assert not error.value.sent
    assert network.requests == []


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({"bearer": NAMED}, "Authorization", "Bearer s3cret"),
        ({"basic": {"user": {"env": "USER"}, "password": NAMED}}, "Authorization", "Basic YW5lOnMzY3JldA=="),
        ({"header": {"name": "X-Api-Key", "value": NAMED}}, "X-Api-Key", "s3cret"),
    ],
)
def test_the_system_is_told_who_asks(tmp_path: Path, auth: dict[str, Any], header: str, value: str) -> None:
    request = sent(tmp_path, "chargers.restart", RESTART, {"charger": "7", "key": "k"}, auth=auth)
    assert request.headers[header] == value


@pytest.mark.parametrize(
    ("keys", "environ", "says"),
    [
        ({"auth": {"bearer": NAMED}}, {}, "The connector small needs KEY. Set it in the environment."),
        ({"auth": {"bearer": NAMED}}, {"KEY": " "}, "The connector small needs KEY."),
        ({"auth": {"bearer": NAMED}}, {"KEY": "s3\ncret"}, "KEY, for the connector small, must be one line"),
        (
            {"auth": {"basic": {"user": {"env": "USER"}, "password": NAMED}}},
            {"USER": "a:b", "KEY": "s3cret"},
            "USER, for the connector small, must not hold a colon",
        ),
        ({"base_url": {"env": "URL"}}, {}, "The connector small needs URL."),
        (
            {"base_url": {"env": "URL"}},
            {"URL": "example.com"},
            "URL, the base_url of the connector small, is no address",
        ),
        ({"base_url": {"env": "URL"}}, {"URL": "https://a:s3cret@example.com"}, "must be without user, password"),
    ],
)
def test_a_variable_that_is_missing_or_wrong_is_named_and_not_shown(
    tmp_path: Path, keys: dict[str, Any], environ: dict[str, str], says: str
) -> None:
    with pytest.raises(SettingsError, match=says) as error:
        HttpConnector(a_spec(tmp_path, **keys), environ)
    assert "cret" not in str(error.value)


def test_a_port_of_which_the_file_lacks_a_call_cannot_be_opened(tmp_path: Path) -> None:
    connector = HttpConnector(a_spec(tmp_path), {})
    with pytest.raises(SettingsError, match=r"small cannot serve chargers: add chargers.charger, chargers.role"):
        HttpChargers(connector)
    connector.close()


def test_a_command_that_the_file_lacks_is_not_available(tmp_path: Path) -> None:
    active = {
        "method": "GET",
        "path": "/s/{account}",
        "response": {"id": "id", "status": "status", "station": "station", "started": "started"},
    }
    connector = HttpConnector(a_spec(tmp_path, calls={"sessions.active": active}), {})
    assert HttpSessions(connector).stop("S-1", "k") == Refused(reason="not_available")
    connector.close()


def test_another_account_than_was_asked_for_is_not_told(server: ExampleServer) -> None:
    server.world.accounts[0]["no"] = "40712"
    network = Scripted(httpx.Response(200, json=server.world.accounts[0]))
    connector = HttpConnector(read_spec(EXAMPLE), environment(server.url), network)
    with pytest.raises(Unavailable, match="answered with another account than was asked for"):
        HttpAccounts(connector).account("40711")
    connector.close()


def test_a_session_of_another_account_is_not_told(server: ExampleServer) -> None:
    network = Scripted(httpx.Response(200, json={"sessions": server.world.sessions}))
    connector = HttpConnector(read_spec(EXAMPLE), environment(server.url), network)
    with pytest.raises(Unavailable, match="another account's session"):
        HttpSessions(connector).active("40711")
    connector.close()


def test_a_station_is_the_same_however_its_id_is_written(server: ExampleServer) -> None:
    server.world.stations[0]["evse"] = "ch-epo-e4521"
    with opened(EXAMPLE, environment(server.url)) as connector:
        assert HttpStations(connector).station("4521").evse_id == "CH*EPO*E4521"
