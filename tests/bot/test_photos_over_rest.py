"""Photos come as bytes, are kept as bare copies, and go with a report; nothing else is taken for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from bot.app import create_app
from bot.conversation import Conversations
from bot.desk.photos import Photos
from tests.talking import services_of

KB = Path(__file__).parents[2] / "kb"


def a_photo(side: int = 40) -> bytes:
    data = BytesIO()
    Image.new("RGB", (side, side), "red").save(data, "JPEG")
    return data.getvalue()


@pytest.fixture
def client(talks: Conversations, tmp_path: Path) -> Iterator[TestClient]:
    services = replace(services_of(talks), photos=Photos(tmp_path))
    with TestClient(create_app(services, KB)) as opened:
        yield opened


@pytest.fixture
def path(client: TestClient) -> str:
    started = client.post("/v1/conversations", json={"locale": "en", "vendor": "eponet"}).json()
    return f"/v1/conversations/{started['id']}"


def test_a_photo_goes_with_the_report(client: TestClient, path: str) -> None:
    client.post(f"{path}/messages", json={"text": "I want to report that station 4521 has a broken screen"})
    photo = client.post(f"{path}/photos", content=a_photo()).json()
    reply = client.post(f"{path}/messages", json={"text": "", "photos": [photo["id"]]}).json()
    assert reply["expects"] == "confirmation"
    assert "Photos: 1" in reply["text"]
    filed = client.post(f"{path}/messages", json={"text": "yes"}).json()
    assert "R-20419" in filed["text"]


def test_a_photo_can_be_looked_at_in_its_conversation_alone(client: TestClient, path: str) -> None:
    photo = client.post(f"{path}/photos", content=a_photo()).json()
    client.post(f"{path}/messages", json={"text": "look", "photos": [photo["id"]]})
    other = client.post("/v1/conversations").json()["id"]
    shown = client.get(f"{path}/photos/{photo['id']}")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert client.get(f"/v1/conversations/{other}/photos/{photo['id']}").status_code == 404


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"just a text", 415, "JPEG"),
        (b"", 415, "empty"),
        (a_photo()[:200], 415, "cannot be read"),
        (b"x" * (10 * 1024 * 1024 + 1), 413, "10 MB"),
    ],
)
def test_what_is_no_photo_is_refused_with_what_would_do(
    client: TestClient, path: str, data: bytes, status: int, said: str
) -> None:
    answer = client.post(f"{path}/photos", content=data)
    assert answer.status_code == status
    assert said in answer.json()["detail"]


def test_a_photo_that_nobody_sent_is_refused(client: TestClient, path: str) -> None:
    answer = client.post(f"{path}/messages", json={"text": "here", "photos": ["0" * 32]})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "place", [{"latitude": 91, "longitude": 0}, {"latitude": 0, "longitude": 181}, {"latitude": 1}]
)
def test_a_place_outside_the_earth_is_refused(client: TestClient, path: str, place: dict[str, float]) -> None:
    assert client.post(f"{path}/messages", json={"text": "here", "position": place}).status_code == 422
