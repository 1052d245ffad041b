"""Over REST a driver is who a valid token says, from the start or later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from fastapi.testclient import TestClient

from bot.app import create_app
from bot.conversation import Conversations
from bot.identity import TokenReader
from tests.talking import services_of

KB = Path(__file__).parents[2] / "kb"
SECRET = "s" * 32
BALANCE = {"text": "what is my balance?", "client_id": "m1"}


def token(user: str = "lea", account: str = "20917", **changes: Any) -> str:
    claims = {"sub": user, "aud": "plugdesk", "exp": datetime.now(UTC) + timedelta(hours=3), "accounts": [account]}
    return jwt.encode({**claims, **changes}, SECRET, "HS256")


@pytest.fixture
def client(talks: Conversations) -> Iterator[TestClient]:
    reader = TokenReader(SECRET, ("HS256",), "plugdesk", None, 0)
    with TestClient(create_app(services_of(talks, reader), KB)) as opened:
        yield opened


def started(client: TestClient, **body: Any) -> str:
    answer = client.post("/v1/conversations", json={"locale": "en", "vendor": "eponet", **body})
    assert answer.status_code == 201, answer.text
    return f"/v1/conversations/{answer.json()['id']}"


def test_a_token_at_the_start_shows_the_drivers_own_account(client: TestClient) -> None:
    path = started(client, token=token())
    assert "CHF 112.40" in client.post(f"{path}/messages", json=BALANCE).json()["text"]


def test_a_token_may_come_later(client: TestClient) -> None:
    path = started(client)
    assert client.put(f"{path}/identity", json={"token": token()}).status_code == 204
    assert "CHF 112.40" in client.post(f"{path}/messages", json=BALANCE).json()["text"]


def test_another_persons_account_stays_closed(client: TestClient) -> None:
    path = started(client, token=token())
    reply = client.post(f"{path}/messages", json={"text": "and the balance of account 40711?"}).json()
    assert "49.80" not in reply["text"]
    assert "belong to you" in reply["text"]


def test_a_conversation_is_one_drivers(client: TestClient) -> None:
    path = started(client, token=token("lea"))
    answer = client.put(f"{path}/identity", json={"token": token("max", "40711")})
    assert answer.status_code == 409
    assert "Start a new conversation" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (token(exp=datetime.now(UTC) - timedelta(minutes=1)), "expired"),
        (token(aud="another"), "audience"),
        (jwt.encode({"sub": "lea", "aud": "plugdesk"}, "", "none"), "HS256"),
        ("nonsense", "cannot be read"),
    ],
)
def test_a_token_that_is_not_to_be_trusted_is_refused_with_the_reason(
    client: TestClient, wrong: str, said: str
) -> None:
    answer = client.post("/v1/conversations", json={"token": wrong})
    assert answer.status_code == 401
    assert said in answer.json()["detail"]
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_vendor_of_a_token_that_there_is_not_is_refused(client: TestClient) -> None:
    assert client.post("/v1/conversations", json={"token": token(vendor="nobody")}).status_code == 422


def test_a_time_zone_that_there_is_not_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/conversations", json={"timezone": "Mars/Olympus"})
    assert (answer.status_code, "Europe/Zurich" in answer.json()["detail"]) == (422, True)


def test_a_server_without_a_key_takes_no_tokens(talks: Conversations) -> None:
    with TestClient(create_app(services_of(talks), KB)) as client:
        answer = client.post("/v1/conversations", json={"token": token()})
    assert answer.status_code == 401
    assert "PLUGDESK_IDENTITY_KEY" in answer.json()["detail"]
