"""Messengers beside the web application: what they hear is answered, and what is said reaches them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from fastapi import APIRouter, HTTPException
from fastapi.testclient import TestClient

from bot.adapters.keys.sqlite import SqliteKeys
from bot.adapters.sqlite import IN_MEMORY
from bot.app import create_app
from bot.assembly import Services, SystemClock
from bot.channels.clients import Clients
from bot.channels.door import Door
from bot.channels.limits import Errand
from bot.channels.messengers.ports import Failed, InboundMessage, Intake, OutboundMessage
from bot.types import Context
from tests.bot.channels.messengers.conftest import Connect, Post, until
from tests.talking import services_of

TOKEN = "token-of-the-pigeons"


@dataclass
class Pigeons:
    """A messenger by carrier pigeon: it listens to a loft, has one route without a key, and keeps what it showed."""

    name: str = "loft"
    buttons: bool = False
    context: Context = field(default_factory=Context)
    arriving: list[InboundMessage] = field(default_factory=list)
    stumbles: int = 0
    lost: list[str] = field(default_factory=list)
    """Recipients whose pigeons never arrive."""
    shown: list[OutboundMessage] = field(default_factory=list)

    def router(self, intake: Intake) -> APIRouter:
        router = APIRouter()

        @router.post("/landing")
        async def landing(message: InboundMessage) -> bool:
            return await intake.take_in(self.name, message)

        return router

    async def listen(self, intake: Intake) -> None:
        if self.stumbles:
            self.stumbles -= 1
            raise OSError(f"https://loft.example/{TOKEN}")
        while True:
            while self.arriving:
                await intake.take_in(self.name, self.arriving.pop(0))
            await anyio.sleep(0.01)

    async def deliver(self, message: OutboundMessage, http: httpx.AsyncClient) -> Failed | None:
        if message.recipient in self.lost:
            raise OSError(f"https://loft.example/{TOKEN}")
        self.shown.append(message)
        return None


class NoMore:
    """Lets nobody write."""

    def take(self, errand: Errand, who: Mapping[str, str]) -> int | None:
        return 7 if "conversation" in who else None


def letter(number: int = 1, text: str = "the cable is stuck in the car", sender: str = "ane") -> InboundMessage:
    return InboundMessage(message_id=f"{sender}-{number}", sender=sender, text=text)


@pytest.fixture
def loft() -> Pigeons:
    return Pigeons()


@pytest.fixture
def post(connect: Connect, loft: Pigeons) -> Post:
    """With the machine's clock, and sweeps that come too late for any test."""
    post = connect(loft)
    clock = SystemClock()
    rules = post.replies.rules.model_copy(
        update={"burst_s": 0.3, "longest_burst_s": 2.0, "sweep_every_s": 3600.0, "look_every_s": 60.0}
    )
    replies = replace(post.replies, rules=rules, clock=clock, talks=replace(post.replies.talks, clock=clock))
    return replace(post, reception=replace(post.reception, replies=replies))


@pytest.fixture
def served(post: Post, small_base: Path) -> Any:
    @contextmanager
    def open_(door: Door | None = None) -> Iterator[tuple[TestClient, Services]]:
        services = services_of(post.replies.talks)
        exchange = post.exchange(door, services.notifier)
        app = create_app(replace(services, clients=Clients(door or Door(), (), exchange)), small_base)
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client, services

    return open_


def test_what_a_messenger_hears_is_answered_there(served: Any, loft: Pigeons) -> None:
    with served():
        loft.arriving.append(letter())
        until(lambda: len(loft.shown) == 1)
    (shown,) = loft.shown
    assert (shown.channel, shown.recipient, shown.in_reply_to, shown.quick_replies) == ("loft", "ane", "ane-1", ())
    assert "(1)" in shown.text


def test_what_is_written_in_one_breath_gets_one_answer(served: Any, loft: Pigeons) -> None:
    with served():
        loft.arriving += [letter(1, "hi"), letter(2, "the cable"), letter(3, "is stuck in the car")]
        until(lambda: len(loft.shown) == 1)
    assert loft.shown[0].in_reply_to == "ane-3"


def test_what_came_in_before_a_crash_is_answered_after_it(served: Any, post: Post, loft: Pigeons) -> None:
    post.reception.keep("loft", letter(), ())
    with served():
        until(lambda: len(loft.shown) == 1)


@pytest.mark.parametrize("where", ["this process", "another process"])
def test_what_is_said_unasked_goes_out_without_waiting_for_a_sweep(
    served: Any, post: Post, loft: Pigeons, where: str
) -> None:
    with served() as (_, services):
        loft.arriving.append(letter())
        until(lambda: len(loft.shown) == 1)
        # The post's own conversations announce nothing; only the store tells of what is said there.
        talks = services.conversations if where == "this process" else post.replies.talks
        talks.speak_up(loft.shown[0].conversation, "action_settled", {"outcome": "unsure"}, "key-1")
        until(lambda: len(loft.shown) == 2)
    assert loft.shown[1].in_reply_to is None


def test_a_messenger_that_stumbles_listens_again_and_its_words_are_not_logged(
    served: Any, loft: Pigeons, caplog: pytest.LogCaptureFixture
) -> None:
    loft.stumbles = 2
    with served():
        loft.arriving.append(letter())
        until(lambda: len(loft.shown) == 1)
    assert caplog.text.count("loft cannot be listened to (OSError)") == 2
    assert TOKEN not in caplog.text


def test_a_delivery_that_fails_stops_no_other_and_keeps_its_secrets(
    served: Any, post: Post, loft: Pigeons, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    loft.lost.append("per")
    with served():
        loft.arriving += [letter(sender="per"), letter()]
        until(lambda: len(loft.shown) == 1)
        until(lambda: any(each.error for each in post.replies.outbox.deliveries()))
        loft.lost.clear()
    with served():
        until(lambda: len(loft.shown) == 2)
    assert TOKEN not in caplog.text
    assert TOKEN not in str(post.replies.outbox.deliveries())


def test_a_route_whose_callers_can_show_no_key_asks_for_none(served: Any, loft: Pigeons) -> None:
    keys = SqliteKeys(IN_MEMORY, SystemClock())
    with served(Door(keys)) as (client, _):
        answer = client.post("/v1/channels/loft/landing", json=letter().model_dump(mode="json"))
        assert (answer.status_code, answer.json()) == (200, True)
    keys.close()


def test_who_writes_too_often_waits_wherever_it_comes_in(served: Any, post: Post) -> None:
    with served(Door(limits=NoMore())) as (client, _):
        answer = client.post("/v1/channels/loft/landing", json=letter().model_dump(mode="json"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    with pytest.raises(HTTPException):
        anyio.run(post.exchange(Door(limits=NoMore())).take_in, "loft", letter())
    assert post.reception.inbox.heard("loft", "ane-1") is None
