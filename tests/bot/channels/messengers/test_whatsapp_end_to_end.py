"""A driver in WhatsApp talks with the bot: over real connections, through inbox, turn and outbox, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.adapters.messengers.outbox import SqliteOutbox
from bot.app import create_app
from bot.assembly import SystemClock
from bot.channels.clients import Clients
from bot.channels.messengers.whatsapp.api import GraphApi
from bot.channels.messengers.whatsapp.messenger import WhatsApp
from bot.channels.messengers.whatsapp.receiving import Receiver
from bot.channels.messengers.whatsapp.rules import WhatsAppRules
from bot.replies.catalogues import Templates
from bot.types import Context
from tests.bot.channels.messengers.conftest import Connect, until
from tests.bot.channels.messengers.webhook.test_end_to_end import free_port, served
from tests.bot.channels.whatsapp.conftest import payload
from tests.bot.channels.whatsapp.schema import InteractiveButtons, InteractiveList
from tests.bot.channels.whatsapp.standin import (
    APP_SECRET,
    NUMBER,
    TOKEN,
    VERIFY,
    WINDOW,
    WhatsAppStandin,
    signature,
)
from tests.talking import services_of

HOOK = "/v1/channels/wa/webhook"


@pytest.fixture
def whatsapp() -> WhatsAppStandin:
    return WhatsAppStandin()


@pytest.fixture
def application(
    connect: Connect, whatsapp: WhatsAppStandin, templates: Templates, small_base: Path
) -> Iterator[FastAPI]:
    """The server, with a number at a stand-in that is served."""
    with served(whatsapp.app, free_port()) as base:
        api = GraphApi(f"{base}/v25.0", NUMBER, TOKEN, frozenset(), WhatsAppRules.load())
        receiver = Receiver("wa", api, Context(vendor="eponet", country="CH"))
        post, clock = connect(WhatsApp(receiver, APP_SECRET.encode(), VERIFY.encode(), templates)), SystemClock()
        replies = replace(post.replies, clock=clock, talks=replace(post.replies.talks, clock=clock))
        post = replace(post, reception=replace(post.reception, replies=replies))
        services = services_of(replies.talks)
        services.opened.pop_all()
        exchange = post.exchange(notifier=services.notifier)
        yield create_app(replace(services, clients=Clients(exchange=exchange)), small_base)


def tell(base: str, told: dict[str, Any]) -> int:
    """As Meta does."""
    body = json.dumps(told).encode()
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature(body)}
    return httpx.post(f"{base}{HOOK}", content=body, headers=headers, timeout=30).status_code


def message(told: dict[str, Any]) -> dict[str, Any]:
    only: dict[str, Any] = told["entry"][0]["changes"][0]["value"]["messages"][0]
    return only


def test_a_driver_writes_is_answered_and_taps(application: FastAPI, whatsapp: WhatsAppStandin) -> None:
    told, tap = payload("text"), payload("button_reply")
    message(told)["text"]["body"] = "the cable is stuck in the car"
    with served(application, free_port()) as base:
        # Meta sends what it is not sure of again.
        assert [tell(base, told), tell(base, told)] == [200, 200]
        until(lambda: len(whatsapp.shown) == 1, lambda: whatsapp.last_error)
        message(tap)["interactive"] = tapped_last(whatsapp)
        assert tell(base, tap) == 200
        until(lambda: len(whatsapp.shown) == 2, lambda: whatsapp.last_error)
    assert whatsapp.shown[1].words != whatsapp.shown[0].words


def tapped_last(whatsapp: WhatsAppStandin) -> dict[str, Any]:
    """A tap on the last choice below the last reply."""
    shown = whatsapp.shown[-1].interactive
    if isinstance(shown, InteractiveButtons):
        return {"type": "button_reply", "button_reply": shown.action.buttons[-1].reply.model_dump()}
    assert isinstance(shown, InteractiveList)
    row = shown.action.sections[0].rows[-1].model_dump(exclude_none=True)
    return {"type": "list_reply", "list_reply": row}


def test_after_a_day_a_reply_is_dead_and_says_why(
    application: FastAPI, whatsapp: WhatsAppStandin, outbox: SqliteOutbox
) -> None:
    whatsapp.refusals = [WINDOW]
    with served(application, free_port()) as base:
        tell(base, payload("text"))
        until(lambda: [each.state for each in outbox.deliveries()] == ["dead"])
    (dead,) = outbox.deliveries()
    assert dead.error
    assert "24 hours" in dead.error


def test_what_is_not_signed_leaves_nothing(application: FastAPI, outbox: SqliteOutbox) -> None:
    with served(application, free_port()) as base:
        headers = {"X-Hub-Signature-256": "sha256=" + "0" * 64}
        answer = httpx.post(f"{base}{HOOK}", json=payload("text"), headers=headers, timeout=30)
    assert (answer.status_code, outbox.peer("wa", "41791234567")) == (401, None)
