"""A driver in Telegram talks with the bot: over real connections, through inbox, turn and outbox, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from bot.adapters.messengers.outbox import SqliteOutbox
from bot.app import create_app
from bot.assembly import SystemClock
from bot.channels.clients import Clients
from bot.channels.messengers.telegram.api import TelegramApi
from bot.channels.messengers.telegram.messenger import Telegram
from bot.channels.messengers.telegram.receiving import Receiver
from bot.channels.messengers.telegram.rules import TelegramRules
from bot.events import DriverSaid
from bot.replies.catalogues import Templates
from bot.types import Context
from tests.bot.channels.messengers.conftest import Connect, Post, until
from tests.bot.channels.messengers.webhook.test_end_to_end import free_port, served
from tests.bot.channels.telegram.conftest import SECRET, payload
from tests.bot.channels.telegram.schema import InlineKeyboardMarkup
from tests.bot.channels.telegram.standin import BLOCKED, TOKEN, TOO_MANY, TelegramStandin
from tests.talking import services_of

HOOK = "/v1/channels/tg/webhook"


@pytest.fixture
def telegram() -> TelegramStandin:
    return TelegramStandin()


@pytest.fixture
def api(telegram: TelegramStandin) -> Iterator[TelegramApi]:
    """The bot's methods, at a stand-in that is served."""
    rules = TelegramRules.load().model_copy(update={"poll_s": 1})
    with served(telegram.app, free_port()) as base:
        yield TelegramApi(base, TOKEN, rules)


@pytest.fixture(params=[SECRET.encode(), None], ids=["webhook", "polling"])
def bot(api: TelegramApi, templates: Templates, request: pytest.FixtureRequest) -> Telegram:
    return Telegram(Receiver("tg", api, Context(vendor="eponet", country="CH"), templates), request.param)


def with_real_clock(post: Post) -> Post:
    clock = SystemClock()
    replies = replace(post.replies, clock=clock, talks=replace(post.replies.talks, clock=clock))
    return replace(post, reception=replace(post.reception, replies=replies))


@pytest.fixture
def post(connect: Connect, bot: Telegram) -> Post:
    return with_real_clock(connect(bot))


@pytest.fixture
def application(post: Post, small_base: Path) -> FastAPI:
    services = services_of(post.replies.talks)
    services.opened.pop_all()
    exchange = post.exchange(notifier=services.notifier)
    return create_app(replace(services, clients=Clients(exchange=exchange)), small_base)


def tell(base: str, bot: Telegram, telegram: TelegramStandin, update: dict[str, Any]) -> None:
    """As Telegram does: to the webhook, or to who polls."""
    if bot.secret is None:
        telegram.updates.append(update)
        return
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    assert httpx.post(f"{base}{HOOK}", json=update, headers=headers, timeout=30).status_code == 200


def written(text: str, number: int) -> dict[str, Any]:
    update = payload("text")
    update["update_id"] += number
    update["message"] |= {"text": text, "message_id": 200 + number}
    return update


def test_a_driver_writes_is_answered_and_taps(application: FastAPI, bot: Telegram, telegram: TelegramStandin) -> None:
    with served(application, free_port()) as base:
        tell(base, bot, telegram, written("the cable is stuck in the car", 1))
        until(lambda: len(telegram.shown) == 1, lambda: telegram.last_error)
        markup = telegram.shown[0].reply_markup
        assert isinstance(markup, InlineKeyboardMarkup)
        button = markup.inline_keyboard[-1][0]
        tap = payload("tap")
        tap["callback_query"]["message"]["reply_markup"] = markup.model_dump(exclude_none=True)
        tap["callback_query"]["data"] = button.callback_data
        telegram.open_taps.add(tap["callback_query"]["id"])
        tell(base, bot, telegram, tap)
        until(lambda: len(telegram.shown) == 2, lambda: telegram.last_error)
    assert telegram.calmed == [tap["callback_query"]["id"]]
    assert telegram.shown[1].text != telegram.shown[0].text


def test_a_photo_reaches_the_conversation(
    application: FastAPI, bot: Telegram, telegram: TelegramStandin, post: Post
) -> None:
    picture = BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG")
    telegram.files["AgAC-large"] = picture.getvalue()
    with served(application, free_port()) as base:
        tell(base, bot, telegram, payload("photo"))
        until(lambda: len(telegram.shown) == 1, lambda: telegram.last_error)
    peer = post.replies.outbox.peer("tg", "4711")
    assert peer
    happened = [event.happening for event in post.replies.talks.events(peer.conversation)]
    (heard,) = [each for each in happened if isinstance(each, DriverSaid)]
    assert len(heard.message.attached.photos) == 1


def test_what_telegram_has_no_room_for_now_comes_later(
    application: FastAPI, bot: Telegram, telegram: TelegramStandin, outbox: SqliteOutbox
) -> None:
    telegram.troubles = [replace(TOO_MANY, retry_after=1)]
    with served(application, free_port()) as base:
        tell(base, bot, telegram, written("the cable is stuck in the car", 1))
        until(lambda: len(telegram.shown) == 1, lambda: telegram.last_error)
        until(lambda: [each.state for each in outbox.deliveries()] == ["delivered"])
    assert telegram.calls.count("sendMessage") == 2


def test_who_blocked_the_bot_is_written_to_no_more(
    application: FastAPI, bot: Telegram, telegram: TelegramStandin, outbox: SqliteOutbox
) -> None:
    telegram.troubles = [BLOCKED]
    with served(application, free_port()) as base:
        tell(base, bot, telegram, written("the cable is stuck in the car", 1))
        until(lambda: [each.state for each in outbox.deliveries()] == ["dead"])
    (dead,) = outbox.deliveries()
    assert dead.error == "sendMessage: 403 Forbidden: bot was blocked by the user"
    assert telegram.shown == []
