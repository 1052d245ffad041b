"""A number, its channel, and a stand-in for the Graph API."""

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
from bot.channels.messengers.whatsapp.api import GraphApi
from bot.channels.messengers.whatsapp.messenger import WhatsApp
from bot.channels.messengers.whatsapp.receiving import Receiver
from bot.channels.messengers.whatsapp.rules import WhatsAppRules
from bot.channels.problems import install
from bot.replies.catalogues import Templates
from bot.types import Context
from tests.bot.channels.intakes import KeptIntake
from tests.bot.channels.whatsapp.standin import APP_SECRET, NUMBER, TOKEN, VERIFY, WhatsAppStandin, signature

PAYLOADS = Path(__file__).with_name("payloads")
BASE = "https://graph.example/v25.0"
MEDIA_HOST = "media.example"


def payload(name: str) -> dict[str, Any]:
    """A notification in the shape that Meta gives it."""
    told: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return told


def joined(*names: str) -> dict[str, Any]:
    """Several messages in one notification."""
    told = payload(names[0])
    value = told["entry"][0]["changes"][0]["value"]
    for name in names[1:]:
        value["messages"] += payload(name)["entry"][0]["changes"][0]["value"]["messages"]
    return told


def run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """What a coroutine gives."""
    return anyio.run(work)


@pytest.fixture
def whatsapp() -> WhatsAppStandin:
    return WhatsAppStandin()


@pytest.fixture
def client(whatsapp: WhatsAppStandin) -> Callable[[], httpx.AsyncClient]:
    """Clients that reach the stand-in and its host of files, and nothing else."""
    mounts = {
        "all://graph.example": httpx.ASGITransport(whatsapp.app),
        f"all://{MEDIA_HOST}": httpx.ASGITransport(whatsapp.media_app),
    }
    nowhere = httpx.MockTransport(lambda request: pytest.fail(f"a request to {request.url.host}"))
    return lambda: httpx.AsyncClient(mounts=mounts, transport=nowhere)


@pytest.fixture
def receiver() -> Receiver:
    api = GraphApi(BASE, NUMBER, TOKEN, frozenset({MEDIA_HOST}), WhatsAppRules.load())
    return Receiver("wa", api, Context(vendor="eponet"))


@pytest.fixture
def number(receiver: Receiver, templates: Templates, client: Callable[[], httpx.AsyncClient]) -> WhatsApp:
    return WhatsApp(receiver, APP_SECRET.encode(), VERIFY.encode(), templates, client)


@pytest.fixture
def intake() -> KeptIntake:
    return KeptIntake()


Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(number: WhatsApp, intake: KeptIntake) -> Ask:
    """Makes a request to the channel's address."""

    def asked(method: str, into: Intake = intake, **how: Any) -> httpx.Response:
        app = FastAPI()
        install(app)
        app.include_router(number.router(into), prefix="/v1/channels/wa")

        async def main() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as http:
                return await http.request(method, "/v1/channels/wa/webhook", **how)

        answer: httpx.Response = run(main)
        return answer

    return asked


Post = Callable[..., httpx.Response]


@pytest.fixture
def post(ask: Ask, intake: KeptIntake) -> Post:
    """Posts, signed as Meta does unless another signature is given."""

    def posted(body: Any, shown: str | bytes | None = None, into: Intake = intake) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"X-Hub-Signature-256": signature(content) if shown is None else shown}
        return ask("POST", into, content=content, headers=headers)

    return posted
