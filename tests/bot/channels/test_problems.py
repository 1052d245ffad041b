"""What is answered where a request makes no sense."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.app import create_app
from bot.conversation import Conversations
from tests.talking import services_of


@pytest.fixture
def client(small_talks: Conversations, small_base: Path) -> Iterator[TestClient]:
    with TestClient(create_app(services_of(small_talks), small_base), raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v1/conversations/x/messages", "GET, POST"),
        ("GET", "/v1/conversations", "POST"),
        ("POST", "/healthz", "GET"),
        ("POST", "/plain/plain.css", "GET, HEAD"),
    ],
)
def test_a_method_that_there_is_not_is_answered_with_those_that_there_are(
    client: TestClient, method: str, path: str, allowed: str
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize("body", [b"\xff", b"[" * 60_000])
def test_bytes_that_are_no_text_do_not_fit(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/conversations", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")


def test_the_description_names_problem_documents_alone(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    answers = [
        (path, status, list(answer.get("content", {})))
        for path, operations in paths.items()
        for operation in operations.values()
        for status, answer in operation["responses"].items()
        if status.startswith("4")
    ]
    assert answers
    assert [each for each in answers if each[2] != ["application/problem+json"]] == []
