"""The routes that a homeserver calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.channels.messengers.matrix.messenger import Matrix
from tests.bot.channels.messengers.matrix.doubles import BOT, HS_TOKEN, KeptIntake, Told

TRANSACTION = "/_matrix/app/v1/transactions/1"


@pytest.fixture
def client(matrix: Matrix, intake: KeptIntake) -> Iterator[TestClient]:
    """The homeserver, which shows its token."""
    app = FastAPI()
    app.include_router(matrix.router(intake))
    with TestClient(app, headers={"Authorization": f"Bearer {HS_TOKEN}"}) as client:
        yield client


def test_a_transaction_is_taken_in(client: TestClient, told: Told, intake: KeptIntake) -> None:
    answer = client.put(TRANSACTION, json={"events": [told.message("Hei")], "ephemeral": []})
    assert (answer.status_code, answer.json()) == (200, {})
    assert intake.texts == ["Hei"]


@pytest.mark.parametrize(
    ("shown", "code", "errcode"),
    [
        (None, 401, "M_MISSING_TOKEN"),
        (f"Basic {HS_TOKEN}", 401, "M_MISSING_TOKEN"),
        ("Bearer", 401, "M_MISSING_TOKEN"),
        ("Bearer ", 403, "M_FORBIDDEN"),
        (f"Bearer {HS_TOKEN[:-1]}", 403, "M_FORBIDDEN"),
        (f"Bearer {HS_TOKEN}x", 403, "M_FORBIDDEN"),
        ("Bearer høyre".encode(), 403, "M_FORBIDDEN"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", TRANSACTION),
        ("GET", f"/_matrix/app/v1/users/{BOT}"),
        ("GET", "/_matrix/app/v1/rooms/%23a:matrix.example"),
        ("POST", "/_matrix/app/v1/ping"),
    ],
)
def test_nobody_else_is_heard(
    client: TestClient, told: Told, intake: KeptIntake, method: str, path: str, shown: str | bytes | None, code: int,
    errcode: str,
) -> None:  # fmt: skip
    client.headers.pop("Authorization")
    headers = {} if shown is None else {"Authorization": shown}
    answer = client.request(method, path, headers=headers, json={"events": [told.message()]})
    assert (answer.status_code, answer.json()["errcode"]) == (code, errcode)
    assert intake.messages == []


def test_a_token_in_the_address_does_not_count(client: TestClient, told: Told, intake: KeptIntake) -> None:
    """Addresses are logged."""
    client.headers.pop("Authorization")
    answer = client.put(f"{TRANSACTION}?access_token={HS_TOKEN}", json={"events": [told.message()]})
    assert (answer.status_code, intake.messages) == (401, [])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"events": {}}', b"\xff"])
def test_what_is_no_transaction_is_refused(client: TestClient, body: bytes) -> None:
    answer = client.put(TRANSACTION, content=body)
    assert (answer.status_code, answer.json()["errcode"]) == (400, "M_BAD_JSON")


def test_only_the_bot_is_a_user_of_it(client: TestClient) -> None:
    assert client.get(f"/_matrix/app/v1/users/{BOT}").status_code == 200
    answer = client.get("/_matrix/app/v1/users/@other:matrix.example")
    assert (answer.status_code, answer.json()["errcode"]) == (404, "M_NOT_FOUND")


def test_it_has_no_rooms_of_its_own(client: TestClient) -> None:
    assert client.get("/_matrix/app/v1/rooms/%23help:matrix.example").json()["errcode"] == "M_NOT_FOUND"


def test_a_ping_is_answered(client: TestClient) -> None:
    assert client.post("/_matrix/app/v1/ping", json={"transaction_id": "1"}).json() == {}
