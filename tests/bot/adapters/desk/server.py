"""A Request Tracker that answers what a test wants, path by path."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
from pydantic import SecretStr

from bot.adapters.desk.rt_connection import RtConnection
from bot.adapters.desk.rt_rules import RtRules

CONNECTION = RtConnection(url="https://rt.example/help", queue="Plugdesk", secret=SecretStr("hush-hush"))
RULES = RtRules.load().model_copy(update={"wait_s": 0.0})
"""As shipped, without waiting."""
QUEUE = {"TicketCustomFields": [{"name": name} for name in RULES.fields.model_dump().values()]}
Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Server(httpx.BaseTransport):
    """Answers ``METHOD path`` with what it was given for it, the last one again and again; keeps the requests."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[httpx.Request] = []

    def gives(self, what: str, *answers: Answer) -> Server:
        self.answers[what] = list(answers)
        return self

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        left = self.answers[f"{request.method} {request.url.path.removeprefix('/help/REST/2.0/')}"]
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    def count(self, method: str) -> int:
        return sum(request.method == method for request in self.asked)


def says(body: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=body)


def page(*items: dict[str, Any]) -> httpx.Response:
    return says({"items": items, "pages": 1})


def a_ticket(number: int, status: str = "open", **fields: str) -> dict[str, Any]:
    """As RT tells of it; ``fields`` under the names of rt.yaml."""
    names = RULES.fields.model_dump()
    return {
        "id": number, "Status": status, "Created": "2026-11-21T09:00:00Z", "LastUpdated": "2026-11-21T10:00:00Z",
        "CustomFields": [{"name": names[field], "values": [value]} for field, value in fields.items()],
    }  # fmt: skip


def query_of(request: httpx.Request) -> str:
    return request.url.params["query"]


def body_of(request: httpx.Request) -> Any:
    return json.loads(request.content)
