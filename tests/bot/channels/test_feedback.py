"""What drivers think is kept as events; the last word counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.app import create_app
from bot.conversation import Conversations
from bot.events import Event
from bot.state import ConversationState, state_of
from tests.talking import services_of

KB = Path(__file__).parents[3] / "kb"


@pytest.fixture
def client(small_talks: Conversations) -> Iterator[TestClient]:
    with TestClient(create_app(services_of(small_talks), KB)) as opened:
        yield opened


@pytest.fixture
def talk(client: TestClient) -> str:
    return f"/v1/conversations/{client.post('/v1/conversations').json()['id']}"


@pytest.fixture
def reply(client: TestClient, talk: str) -> str:
    """The id of a reply of the conversation."""
    return str(client.post(f"{talk}/messages", json={"text": "hello"}).json()["id"])


def state(client: TestClient, talk: str) -> ConversationState:
    return state_of(map(Event.model_validate, client.get(f"{talk}/events").json()["events"]))


def count(client: TestClient, talk: str, kind: str) -> int:
    events = client.get(f"{talk}/events").json()["events"]
    return sum(each["happening"]["type"] == kind for each in events)


def test_the_last_word_on_a_reply_counts(client: TestClient, talk: str, reply: str) -> None:
    for helped in (True, False):
        assert client.post(f"{talk}/feedback", json={"reply": reply, "helped": helped}).status_code == 204
    assert state(client, talk).helped == {reply: False}


def test_the_same_feedback_twice_is_one_event(client: TestClient, talk: str, reply: str) -> None:
    for _ in range(2):
        client.post(f"{talk}/feedback", json={"reply": reply, "helped": True})
    assert count(client, talk, "feedback") == 1


def test_feedback_is_no_answer_to_the_bot(client: TestClient, talk: str, reply: str) -> None:
    before = client.get(f"{talk}/messages").json()
    client.post(f"{talk}/feedback", json={"reply": reply, "helped": True})
    assert client.get(f"{talk}/messages").json() == before


@pytest.mark.parametrize("known", ["r-of-nobody", "m1"])
def test_a_reply_that_was_not_given_gets_no_feedback(client: TestClient, talk: str, reply: str, known: str) -> None:
    answer = client.post(f"{talk}/feedback", json={"reply": known, "helped": True})
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert count(client, talk, "feedback") == 0


def test_the_last_rating_counts(client: TestClient, talk: str) -> None:
    for body in ({"stars": 2, "comment": "slow"}, {"stars": 5}):
        assert client.post(f"{talk}/rating", json=body).status_code == 204
    rating = state(client, talk).rating
    assert rating and (rating.stars, rating.comment) == (5, None)


def test_secrets_in_a_comment_are_masked(client: TestClient, talk: str) -> None:
    client.post(f"{talk}/rating", json={"stars": 1, "comment": "my card 4111 1111 1111 1111 was refused"})
    assert "4111" not in client.get(f"{talk}/events").text
    assert "was refused" in client.get(f"{talk}/events").text


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("feedback", {"reply": "r-1"}),
        ("feedback", {"reply": "", "helped": True}),
        ("feedback", {"reply": "r-1", "helped": "perhaps"}),
        ("rating", {"stars": 0}),
        ("rating", {"stars": 6}),
        ("rating", {"stars": 3, "comment": "x" * 2_001}),
        ("rating", {"stars": 3, "name": "Lea"}),
        ("rating", None),
    ],
)
def test_what_does_not_fit_is_refused(client: TestClient, talk: str, what: str, body: Any) -> None:
    assert client.post(f"{talk}/{what}", json=body).status_code == 422


@pytest.mark.parametrize(("what", "body"), [("feedback", {"reply": "r-1", "helped": True}), ("rating", {"stars": 3})])
def test_a_conversation_that_is_not_there_is_not_rated(client: TestClient, what: str, body: Any) -> None:
    assert client.post(f"/v1/conversations/nobody/{what}", json=body).status_code == 404
