"""A bot, its channel, and a stand-in for Telegram."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI

from bot.channels.messengers.ports import Intake
from bot.channels.messengers.telegram.api import TelegramApi
from bot.channels.messengers.telegram.messenger import Telegram
from bot.channels.messengers.telegram.receiving import Receiver
from bot.channels.messengers.telegram.rules import TelegramRules
from bot.channels.problems import install
from bot.replies.catalogues import Templates
from bot.types import Context
from tests.bot.channels.intakes import KeptIntake
from tests.bot.channels.telegram.standin import TOKEN, TelegramStandin

SECRET = "0123456789abcdef" * 2
PAYLOADS = Path(__file__).with_name("payloads")
API = "http://127.0.0.1:9/api"


def payload(name: str) -> dict[str, Any]:
    """An update in the shape that Telegram gives it."""
    told: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return told


def run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """What a coroutine gives."""
    return anyio.run(work)


@pytest.fixture
def telegram() -> TelegramStandin:
    return TelegramStandin()


@pytest.fixture
def client(telegram: TelegramStandin) -> Callable[[], httpx.AsyncClient]:
    """Clients that reach the stand-in, and nothing else."""
    api = FastAPI()
    api.mount("/api", telegram.app)
    return lambda: httpx.AsyncClient(transport=httpx.ASGITransport(api))


@pytest.fixture
def rules() -> TelegramRules:
    """As shipped, but for waits that a test would notice."""
    return TelegramRules.load().model_copy(update={"poll_s": 0, "again_after_s": 0.01, "timeout_s": 5})


@pytest.fixture
def receiver(rules: TelegramRules, templates: Templates) -> Receiver:
    return Receiver("tg", TelegramApi(API, TOKEN, rules), Context(vendor="eponet"), templates)


@pytest.fixture
def bot(receiver: Receiver, client: Callable[[], httpx.AsyncClient]) -> Telegram:
    """One that Telegram posts to."""
    return Telegram(receiver, SECRET.encode(), client)


@pytest.fixture
def intake() -> KeptIntake:
    return KeptIntake()


Post = Callable[..., httpx.Response]


@pytest.fixture
def post(bot: Telegram, intake: KeptIntake) -> Post:
    """Posts to the webhook, signed as Telegram does."""

    def posted(body: Any, secret: str | bytes = SECRET, into: Intake = intake) -> httpx.Response:
        app = FastAPI()
        install(app)
        router = bot.router(into)
        assert router
        app.include_router(router, prefix="/v1/channels/tg")
        content = body if isinstance(body, bytes) else json.dumps(body).encode()

        async def main() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as http:
                headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
                return await http.post("/v1/channels/tg/webhook", content=content, headers=headers)

        answer: httpx.Response = run(main)
        return answer

    return posted
