"""The webhook that messengers post to: what is taken in, and what is not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.adapters.hooks.sqlite import SqliteOutbox
from bot.adapters.keys.sqlite import SqliteKeys
from bot.adapters.sqlite import IN_MEMORY
from bot.app import create_app
from bot.channels.clients import Clients
from bot.channels.door import Door
from bot.channels.hooks.config import Channel
from bot.channels.hooks.courier import Courier
from bot.channels.hooks.service import Hooks
from bot.channels.hooks.signatures import HEADER, signed
from bot.channels.limits import Errand
from bot.replies.catalogues import Templates
from tests.bot.channels.hooks.conftest import SECRET
from tests.doubles import SteppingClock
from tests.talking import services_of

INBOUND = "/v1/channels/bridge/inbound"
MESSAGE = {"message_id": "m-1", "sender": "ane", "text": "the cable is stuck"}


class SendersLimit:
    """One message a sender."""

    def __init__(self) -> None:
        self._had: set[str] = set()

    def take(self, errand: Errand, who: Mapping[str, str]) -> int | None:
        sender = who.get("conversation")
        if sender is None or sender not in self._had:
            self._had.add(sender or "")
            return None
        return 3


@pytest.fixture
def served(hooks: Hooks, templates: Templates, small_base: Path) -> Any:
    @contextmanager
    def open_(door: Door | None = None) -> Iterator[TestClient]:
        clients = Clients(door or Door(), (), Courier(hooks, templates))
        app = create_app(replace(services_of(hooks.talks), clients=clients), small_base)
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client

    return open_


@pytest.fixture
def client(served: Any) -> Iterator[TestClient]:
    with served() as opened:
        yield opened


def post(hooks: Hooks, client: TestClient, given: Any = MESSAGE, secret: bytes = SECRET, **headers: str) -> Any:
    """Post it signed, now."""
    body = given if isinstance(given, bytes) else json.dumps(given).encode()
    signature = {HEADER: signed(secret, body, int(hooks.clock.now().timestamp()))}
    return client.post(INBOUND, content=body, headers={"Content-Type": "application/json"} | signature | headers)


def assert_refused(answer: Any, status: int, told: str) -> None:
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert told in answer.json()["detail"]


def test_a_signed_message_is_taken_in_and_its_reply_queued(
    hooks: Hooks, client: TestClient, outbox: SqliteOutbox
) -> None:
    answer = post(hooks, client)
    assert (answer.status_code, answer.json()) == (200, {"duplicate": False})
    assert [each.recipient for each in outbox.deliveries()] == ["ane"]


def test_a_replayed_message_does_nothing(hooks: Hooks, client: TestClient, outbox: SqliteOutbox) -> None:
    answers = [post(hooks, client).json()["duplicate"] for _ in range(2)]
    assert (answers, len(outbox.deliveries())) == ([False, True], 1)


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({HEADER: ""}, "is missing"),
        ({HEADER: "v1=abc"}, "cannot be read"),
        ({HEADER: signed(b"x" * 32, json.dumps(MESSAGE).encode(), 1)}, "does not fit"),
        ({HEADER: signed(SECRET, json.dumps(MESSAGE).encode(), 1_764_000_000)}, "another time"),
    ],
    ids=["unsigned", "malformed", "another secret", "stale"],
)
def test_what_is_not_signed_as_it_must_be_is_refused_and_nothing_is_kept(
    hooks: Hooks, client: TestClient, outbox: SqliteOutbox, headers: dict[str, str], told: str
) -> None:
    assert_refused(post(hooks, client, **headers), 401, told)
    assert outbox.peer("bridge", "ane") is None


def test_a_channel_that_there_is_not_is_not_found(client: TestClient) -> None:
    assert_refused(client.post("/v1/channels/none/inbound", json=MESSAGE), 404, "PLUGDESK_CHANNELS")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (b"{", "does not fit"),
        (b"\xff", "UTF-8"),
        ([], "body"),
        (MESSAGE | {"message_id": ""}, "message_id"),
        (MESSAGE | {"message_id": "x" * 129}, "message_id"),
        (MESSAGE | {"sender": None}, "sender"),
        (MESSAGE | {"version": 2}, "version"),
        (MESSAGE | {"sent_at": "2026-11-26T09:00:00"}, "sent_at"),
        (MESSAGE | {"position": {"latitude": 91, "longitude": 0}}, "position.latitude"),
        (MESSAGE | {"choice": {"kind": "root", "value": "x"}}, "choice.kind"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    hooks: Hooks, client: TestClient, outbox: SqliteOutbox, given: Any, told: str
) -> None:
    assert_refused(post(hooks, client, given), 422, told)
    assert outbox.peer("bridge", "ane") is None


def test_an_id_that_was_another_messages_is_a_conflict(hooks: Hooks, client: TestClient) -> None:
    post(hooks, client)
    assert_refused(post(hooks, client, MESSAGE | {"text": "another"}), 409, "message_id")


def test_a_body_that_is_too_large_is_refused(hooks: Hooks, client: TestClient) -> None:
    assert_refused(post(hooks, client, MESSAGE | {"text": "x" * 70_000}), 413, "KiB")


def test_where_keys_are_looked_at_one_of_the_scope_deliver_is_needed(hooks: Hooks, served: Any) -> None:
    keys = SqliteKeys(IN_MEMORY, SteppingClock())
    right, wrong = (f"Bearer {keys.add('bridge', (scope,))[1]}" for scope in ("deliver", "chat"))
    with served(Door(keys)) as client:
        assert_refused(post(hooks, client), 401, "API key")
        assert_refused(post(hooks, client, Authorization=wrong), 403, "deliver")
        assert post(hooks, client, Authorization=right).status_code == 200
    keys.close()


def test_a_sender_that_writes_too_often_waits_and_others_do_not(
    hooks: Hooks, served: Any, outbox: SqliteOutbox
) -> None:
    with served(Door(limits=SendersLimit())) as client:
        post(hooks, client)
        late = post(hooks, client, MESSAGE | {"message_id": "m-2"})
        other = post(hooks, client, MESSAGE | {"message_id": "m-3", "sender": "per"})
    assert_refused(late, 429, "3 s")
    assert (late.headers["Retry-After"], other.status_code) == ("3", 200)
    assert outbox.heard("bridge", "m-2") is None


def test_without_channels_there_is_no_webhook(hooks: Hooks, small_base: Path) -> None:
    with TestClient(create_app(services_of(hooks.talks), small_base)) as client:
        assert client.post(INBOUND, json=MESSAGE).status_code == 404


def test_the_channel_is_not_shown_by_the_description(client: TestClient, channel: Channel) -> None:
    described = client.get("/openapi.json").text
    assert channel.secret.decode() not in described
    assert channel.url not in described


def test_nothing_is_delivered_any_more_when_the_outbox_is_closed(
    hooks: Hooks, templates: Templates, small_base: Path, caplog: pytest.LogCaptureFixture
) -> None:
    busy = replace(hooks, rules=hooks.rules.model_copy(update={"look_every_s": 0.001, "sweep_every_s": 0.001}))
    services = replace(services_of(busy.talks), clients=Clients(courier=Courier(busy, templates)))
    services.opened.callback(hooks.outbox.close)
    with TestClient(create_app(services, small_base)) as client:
        post(busy, client)
    assert caplog.records == []


@pytest.mark.parametrize("field", ["text", "sender", "message_id"])
def test_halves_of_letters_break_nothing(hooks: Hooks, client: TestClient, field: str) -> None:
    assert post(hooks, client, MESSAGE | {field: "a\ud800\x00"}).status_code in (200, 422)
