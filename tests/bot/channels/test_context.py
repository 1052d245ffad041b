"""What the host app has on the screen becomes facts, as if the driver had said it; what is unclear does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.app import create_app
from bot.conversation import Conversations
from bot.events import Event, Fact
from bot.state import ConversationState, state_of
from tests.talking import services_of

KB = Path(__file__).parents[3] / "kb"


@pytest.fixture
def client(small_talks: Conversations) -> Iterator[TestClient]:
    with TestClient(create_app(services_of(small_talks), KB)) as opened:
        yield opened


def begun(client: TestClient, **body: Any) -> str:
    answer = client.post("/v1/conversations", json=body)
    assert answer.status_code == 201, answer.text
    return f"/v1/conversations/{answer.json()['id']}"


def put(client: TestClient, talk: str, **body: Any) -> None:
    assert client.put(f"{talk}/context", json=body).status_code == 204


def happened(client: TestClient, talk: str) -> list[str]:
    return [each["happening"]["type"] for each in client.get(f"{talk}/events").json()["events"]]


def state(client: TestClient, talk: str) -> ConversationState:
    return state_of(map(Event.model_validate, client.get(f"{talk}/events").json()["events"]))


@pytest.mark.parametrize(
    ("given", "station"),
    [
        ("4521", "4521"),
        ("station 4521", "4521"),
        ("ch epo e4521", "CH*EPO*E4521"),
        ("https://eponet.example/s/4521", "4521"),
        ("https://eponet.example/qr?evse=CH%2AEPO%2AE4521", "CH*EPO*E4521"),
    ],
)
def test_a_station_is_known_from_the_start_in_any_spelling(client: TestClient, given: str, station: str) -> None:
    talk = begun(client, context={"station_id": given})
    assert state(client, talk).facts["station"] == Fact(slot="station", value=station, source="app")


def test_the_driver_moves_on_to_another_station(client: TestClient) -> None:
    talk = begun(client, context={"station_id": "4521"})
    put(client, talk, station_id="4512")
    assert state(client, talk).value("station") == "4512"


def test_what_is_left_out_stays(client: TestClient) -> None:
    talk = begun(client, context={"station_id": "4521", "screen": "station"})
    put(client, talk, error_code="E-07")
    known = state(client, talk)
    assert (known.value("station"), known.value("error_code"), known.context.screen) == ("4521", "E-07", "station")


@pytest.mark.parametrize("given", ["somewhere", "4521 or 4512", "https://eponet.example/", "💥"])
def test_a_station_that_is_unclear_is_not_guessed_and_stops_nobody(client: TestClient, given: str) -> None:
    talk = begun(client, context={"station_id": given})
    assert "station" not in state(client, talk).facts
    assert client.get(f"{talk}/events").json()["events"][-1]["happening"]["unread"] == ["station"]


def test_the_same_again_is_nothing_new(client: TestClient) -> None:
    talk = begun(client, locale="nb", context={"station_id": "4521", "screen": "map"})
    put(client, talk, station_id="4521", screen="map", locale="nb")
    put(client, talk)
    assert happened(client, talk) == ["started", "context_changed"]


def test_a_language_that_is_picked_counts_for_more_than_the_one_written_in(client: TestClient) -> None:
    talk = begun(client, locale="en")
    client.post(f"{talk}/messages", json={"text": "the cable is stuck and I cannot remove it"})
    put(client, talk, locale="it-CH")
    tap = {"text": "x", "choice": {"kind": "topic", "value": "cable-stuck"}}
    assert client.post(f"{talk}/messages", json=tap).json()["language"] == "it"


@pytest.mark.parametrize(
    "body",
    [
        {"station_id": 4521},
        {"station_id": "4" * 513},
        {"screen": "s" * 65},
        {"error_code": ["E-07"]},
        {"locale": "x" * 36},
        {"charger": "310244"},
        [],
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(client: TestClient, body: Any) -> None:
    talk = begun(client)
    answer = client.put(f"{talk}/context", json=body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert happened(client, talk) == ["started"]


def test_a_context_that_does_not_fit_begins_no_conversation(client: TestClient) -> None:
    answer = client.post("/v1/conversations", json={"context": {"station": "4521"}})
    assert answer.status_code == 422


def test_a_conversation_that_is_not_there_has_no_context(client: TestClient) -> None:
    assert client.put("/v1/conversations/nobody/context", json={"station_id": "4521"}).status_code == 404
