"""The webhook that messengers post to: what is taken in, and what is not."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from bot.adapters.keys.sqlite import SqliteKeys
from bot.adapters.messengers.inbox import SqliteInbox
from bot.adapters.messengers.outbox import SqliteOutbox
from bot.adapters.sqlite import IN_MEMORY
from bot.app import create_app
from bot.channels.clients import Clients
from bot.channels.door import Door
from bot.channels.limits import Errand
from bot.channels.messengers.webhook.messenger import Webhook
from bot.channels.messengers.webhook.signatures import HEADER, signed
from bot.events import DriverSaid
from tests.bot.channels.messengers.conftest import SECRET, Post, until
from tests.doubles import SteppingClock
from tests.talking import services_of

INBOUND = "/v1/channels/bridge/inbound"
WITH_PHOTOS = f"{INBOUND}/photos"
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
def served(post: Post, small_base: Path) -> Any:
    @contextmanager
    def open_(door: Door | None = None) -> Iterator[TestClient]:
        services = services_of(post.replies.talks)
        clients = Clients(door or Door(), (), post.exchange(door, services.notifier))
        app = create_app(replace(services, clients=clients), small_base)
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client

    return open_


@pytest.fixture
def client(served: Any) -> Iterator[TestClient]:
    with served() as opened:
        yield opened


def send(
    post: Post, client: TestClient, given: Any = MESSAGE, secret: bytes = SECRET, to: str = INBOUND, **headers: str
) -> Any:
    """Post it signed, now."""
    body = given if isinstance(given, bytes) else json.dumps(given).encode()
    signature = {HEADER: signed(secret, body, int(post.replies.clock.now().timestamp()))}
    return client.post(to, content=body, headers={"Content-Type": "application/json"} | signature | headers)


def photo() -> str:
    """A picture of one colour, as a bridge writes it."""
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return b64encode(out.getvalue()).decode()


def assert_refused(answer: Any, status: int, told: str) -> None:
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert told in answer.json()["detail"]


def test_a_signed_message_is_taken_in_and_its_reply_queued(
    post: Post, client: TestClient, outbox: SqliteOutbox
) -> None:
    answer = send(post, client)
    assert (answer.status_code, answer.json()) == (200, {"duplicate": False})
    until(lambda: [each.recipient for each in outbox.deliveries()] == ["ane"])


def test_a_replayed_message_does_nothing(post: Post, client: TestClient, outbox: SqliteOutbox) -> None:
    answers = [send(post, client).json()["duplicate"] for _ in range(2)]
    until(lambda: len(outbox.deliveries()) == 1)
    assert (answers, post.answer(), len(outbox.deliveries())) == ([False, True], 0, 1)


def test_photos_come_in_with_a_message(post: Post, client: TestClient, outbox: SqliteOutbox) -> None:
    assert send(post, client, MESSAGE | {"photos": [photo(), photo()]}, to=WITH_PHOTOS).status_code == 200
    until(lambda: len(outbox.deliveries()) == 1)
    peer = outbox.peer("bridge", "ane")
    assert peer
    (kept,) = [
        each.happening.message.attached.photos
        for each in post.replies.talks.events(peer.conversation)
        if isinstance(each.happening, DriverSaid)
    ]
    assert [post.reception.photos.read(each, "copy")[:2] for each in kept] == [b"\xff\xd8"] * 2


@pytest.mark.parametrize(
    ("photos", "told"),
    [([], "photos"), (["AAAA"] * 6, "photos"), (["no base64!"], "photos.0"), ("AAAA", "photos"), ([1], "photos.0")],
)
def test_photos_that_do_not_fit_the_form_are_refused(post: Post, client: TestClient, photos: Any, told: str) -> None:
    assert_refused(send(post, client, MESSAGE | {"photos": photos}, to=WITH_PHOTOS), 422, told)


def test_photos_that_are_too_large_for_one_post_are_refused(client: TestClient) -> None:
    assert_refused(client.post(WITH_PHOTOS, content=b"x" * (16 * 1024 * 1024 + 1)), 413, "16 MB")


def test_the_body_is_not_read_before_its_signature(client: TestClient) -> None:
    assert_refused(client.post(INBOUND, content=b"{"), 401, "is missing")


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
    post: Post, client: TestClient, inbox: SqliteInbox, headers: dict[str, str], told: str
) -> None:
    assert_refused(send(post, client, **headers), 401, told)
    assert inbox.heard("bridge", "m-1") is None


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
    post: Post, client: TestClient, inbox: SqliteInbox, given: Any, told: str
) -> None:
    assert_refused(send(post, client, given), 422, told)
    assert inbox.heard("bridge", "m-1") is None


def test_an_id_that_was_another_messages_is_a_conflict(post: Post, client: TestClient) -> None:
    send(post, client)
    assert_refused(send(post, client, MESSAGE | {"text": "another"}), 409, "message_id")


def test_a_body_that_is_too_large_is_refused(post: Post, client: TestClient) -> None:
    assert_refused(send(post, client, MESSAGE | {"text": "x" * 70_000}), 413, "KiB")


def test_where_keys_are_looked_at_one_of_the_scope_deliver_is_needed(post: Post, served: Any) -> None:
    keys = SqliteKeys(IN_MEMORY, SteppingClock())
    right, wrong = (f"Bearer {keys.add('bridge', (scope,))[1]}" for scope in ("deliver", "chat"))
    with served(Door(keys)) as client:
        assert_refused(send(post, client), 401, "API key")
        assert_refused(send(post, client, Authorization=wrong), 403, "deliver")
        assert send(post, client, Authorization=right).status_code == 200
    keys.close()


def test_a_sender_that_writes_too_often_waits_and_others_do_not(post: Post, served: Any, inbox: SqliteInbox) -> None:
    with served(Door(limits=SendersLimit())) as client:
        send(post, client)
        late = send(post, client, MESSAGE | {"message_id": "m-2"})
        other = send(post, client, MESSAGE | {"message_id": "m-3", "sender": "per"})
    assert_refused(late, 429, "3 s")
    assert (late.headers["Retry-After"], other.status_code) == ("3", 200)
    assert inbox.heard("bridge", "m-2") is None


def test_without_channels_there_is_no_webhook(post: Post, small_base: Path) -> None:
    with TestClient(create_app(services_of(post.replies.talks), small_base)) as client:
        assert client.post(INBOUND, json=MESSAGE).status_code == 404


def test_the_channel_is_not_shown_by_the_description(client: TestClient, channel: Webhook) -> None:
    described = client.get("/openapi.json").text
    assert channel.secret.decode() not in described
    assert channel.url not in described


def test_nothing_is_delivered_any_more_when_inbox_and_outbox_are_closed(
    post: Post, inbox: SqliteInbox, outbox: SqliteOutbox, small_base: Path, caplog: pytest.LogCaptureFixture
) -> None:
    quick = {"look_every_s": 0.001, "sweep_every_s": 0.001}
    replies = replace(post.replies, rules=post.replies.rules.model_copy(update=quick))
    busy = replace(post, reception=replace(post.reception, replies=replies))
    services = services_of(busy.replies.talks)
    services.opened.callback(outbox.close)
    services.opened.callback(inbox.close)
    app = create_app(replace(services, clients=Clients(exchange=busy.exchange(notifier=services.notifier))), small_base)
    with TestClient(app) as client:
        send(busy, client)
    assert caplog.records == []


@pytest.mark.parametrize("field", ["text", "sender", "message_id"])
def test_halves_of_letters_break_nothing(post: Post, client: TestClient, field: str) -> None:
    assert send(post, client, MESSAGE | {field: "a\ud800\x00"}).status_code in (200, 422)
