"""The demo world over HTTP: the same words as in the terminal, and nothing at all where it is off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.adapters.demo.page import DemoPage
from bot.app import create_app
from bot.assembly import open_demo
from bot.conversation import Conversations
from bot.identity import EitherToken, TokenReader
from bot.settings import Settings
from tests.talking import services_of

KB = Path(__file__).parents[3] / "kb"
OTHER_KEY = "k" * 32


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[DemoPage]:
    opened = DemoPage(tmp_path / "world.db")
    yield opened
    opened.close()


@pytest.fixture
def client(small_talks: Conversations, demo: DemoPage) -> Iterator[TestClient]:
    services = replace(services_of(small_talks, demo.tokens), demo=demo)
    with TestClient(create_app(services, KB)) as opened:
        yield opened


@pytest.fixture
def usual(small_talks: Conversations) -> Iterator[TestClient]:
    """Without a demo world."""
    with TestClient(create_app(services_of(small_talks), KB)) as opened:
        yield opened


def balance(client: TestClient, number: str) -> str:
    accounts = client.get("/v1/demo").json()["account"]
    return str(next(each["balance"]["amount"] for each in accounts if each["number"] == number))


def status(client: TestClient, number: str) -> str:
    return str(next(each["status"] for each in client.get("/v1/demo").json()["station"] if each["number"] == number))


def test_a_credit_arrives(client: TestClient) -> None:
    assert client.post("/v1/demo", json={"command": "credit 40711 20.00"}).status_code == 204
    assert balance(client, "40711") == "69.80"


def test_a_station_breaks_and_all_is_as_in_the_beginning_again(client: TestClient) -> None:
    client.post("/v1/demo", json={"command": "station 4521 OUTOFORDER"})
    assert status(client, "4521") == "OUTOFORDER"
    client.post("/v1/demo", json={"command": "reset"})
    assert status(client, "4521") == "AVAILABLE"


def test_every_button_of_the_page_does_what_it_says(client: TestClient) -> None:
    page = client.get("/").text
    commands = [part.partition('"')[0] for part in page.split('data-command="')[1:]]
    assert len(commands) >= 8
    answers = {each: client.post("/v1/demo", json={"command": each}).status_code for each in commands}
    assert set(answers.values()) == {204}, answers


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("credit 99999 20.00", "99999"),
        ("credit 40711 0", "above 0"),
        ("credit 40711 lots", "20.00"),
        ("station 4521 BROKEN", "OUTOFORDER"),
        ("explode", "explode"),
        ("--help", "--help"),
        ("credit --help", "--help"),
        ("credit '40711", "cannot be read"),
        (" ", "cannot be read"),
        ("station", "NUMBER"),
    ],
)
def test_what_is_no_command_is_refused_in_words(client: TestClient, command: str, said: str) -> None:
    before = client.get("/v1/demo").json()["account"]
    answer = client.post("/v1/demo", json={"command": command})
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert said in answer.json()["detail"]
    assert client.get("/v1/demo").json()["account"] == before


@pytest.mark.parametrize("body", [{}, {"command": ""}, {"command": "x" * 257}, {"command": ["reset"]}, {"user": "ane"}])
def test_what_does_not_fit_is_refused(client: TestClient, body: Any) -> None:
    assert client.post("/v1/demo", json=body).status_code == 422


@pytest.mark.parametrize(("user", "accounts"), [("ane", []), ("per", []), ("lea", ["20917"]), ("tom", ["40711"])])
def test_somebody_of_the_demo_world_signs_in(client: TestClient, user: str, accounts: list[str]) -> None:
    token = client.post("/v1/demo/token", json={"user": user}).json()["token"]
    talk = client.post("/v1/conversations", json={"token": token}).json()["id"]
    (started,) = client.get(f"/v1/conversations/{talk}/events").json()["events"]
    identity = started["happening"]["context"]["identity"]
    assert (identity["user"], identity["accounts"]) == (user, accounts)


def test_nobody_else_signs_in(client: TestClient) -> None:
    answer = client.post("/v1/demo/token", json={"user": "admin"})
    assert (answer.status_code, "ane" in answer.json()["detail"]) == (422, True)


def test_a_demo_token_is_worth_nothing_to_another_server(client: TestClient, tmp_path: Path) -> None:
    """The same key cannot be there: each process makes its own, whatever PLUGDESK_IDENTITY_KEY is."""
    other = DemoPage(tmp_path / "other.db")
    token = other.token("ane")
    other.close()
    assert client.post("/v1/conversations", json={"token": token}).status_code == 401


def test_tokens_of_the_host_app_are_trusted_beside_those_of_the_demo(demo: DemoPage) -> None:
    host = TokenReader(OTHER_KEY, ("HS256",), "plugdesk", None, 0)
    assert EitherToken(host, demo.tokens).read(demo.token("tom")).accounts == ("40711",)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/demo", None),
        ("POST", "/v1/demo", {"command": "reset"}),
        ("POST", "/v1/demo/token", {"user": "ane"}),
        ("GET", "/demo/demo.js", None),
    ],
)
def test_without_a_demo_world_there_is_nothing(usual: TestClient, method: str, path: str, body: Any) -> None:
    assert usual.request(method, path, json=body).status_code == 404


def settings(folder: Path, **variables: str) -> Settings:
    return Settings.from_environ({f"PLUGDESK_{name}": value for name, value in variables.items()}, home=folder)


@pytest.mark.parametrize(
    ("variables", "there"),
    [
        ({}, False),
        ({"DEMO": "off"}, False),
        ({"DEMO": "on"}, True),
        ({"DEMO": "on", "ACCOUNTS": "https://accounts.example/"}, False),
        ({"DEMO": "on", "CHARGERS": "demo:///somewhere/else.db"}, False),
    ],
    ids=["usual", "off", "on", "a real system", "two worlds"],
)
def test_it_is_offered_only_where_everything_is_one_demo(
    tmp_path: Path, variables: dict[str, str], there: bool
) -> None:
    with ExitStack() as opened:
        assert (open_demo(settings(tmp_path, **variables), opened.callback) is not None) == there
