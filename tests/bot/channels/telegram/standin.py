"""A server that answers as the Bot API does, checks every request against its documentation, and plays its errors."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from anyio import sleep
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from tests.bot.channels.telegram.schema import (
    METHODS,
    AnswerCallbackQuery,
    Documented,
    GetFile,
    GetUpdates,
    SendMessage,
    SetWebhook,
)

TOKEN = "8123456789:AAE-stand-in_0123456789abcdefghij"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(frozen=True)
class Trouble:
    """What the next call of a method meets, once ``after`` calls of it went well."""

    method: str
    code: int
    description: str = "Internal Server Error"
    retry_after: int | None = None
    after: int = 0

    def answer(self) -> JSONResponse:
        told: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            told["parameters"] = {"retry_after": self.retry_after}
        return JSONResponse(told, self.code)


BLOCKED = Trouble("sendMessage", 403, "Forbidden: bot was blocked by the user")
TOO_MANY = Trouble("sendMessage", 429, "Too Many Requests: retry after 7", 7)


@dataclass
class TelegramStandin:
    """The Bot API for one bot. ``chats`` are the people who have written to it; the bot may write to nobody else."""

    chats: set[int] = field(default_factory=lambda: {4711})
    shown: list[SendMessage] = field(default_factory=list)
    calmed: list[str] = field(default_factory=list)
    open_taps: set[str] = field(default_factory=set)
    updates: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    file_path: str = "photos/file_0.jpg"
    claimed_size: int | None = None
    webhook: SetWebhook | None = None
    troubles: list[Trouble] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    offsets: list[int | None] = field(default_factory=list)
    last_error: str = ""

    @property
    def app(self) -> FastAPI:
        api = FastAPI()

        @api.post("/bot{token}/{method}")
        async def method(token: str, method: str, request: Request) -> Response:
            return await self._called(token, method, await request.body())

        @api.get("/file/bot{token}/{path:path}")
        async def file(token: str, path: str) -> Response:
            data = next(iter(self.files.values()), None) if token == TOKEN and path == self.file_path else None
            return Response(data) if data is not None else Response(status_code=404)

        return api

    async def _called(self, token: str, method: str, body: bytes) -> Response:
        self.calls.append(method)
        earlier = self.calls.count(method) - 1
        trouble = next((each for each in self.troubles if each.method == method and each.after <= earlier), None)
        if trouble is not None:
            self.troubles.remove(trouble)
            return trouble.answer()
        if token != TOKEN:
            return Trouble(method, 401, "Unauthorized").answer()
        form = METHODS.get(method)
        if form is None:
            return Trouble(method, 404, "Not Found: method not found").answer()
        try:
            asked = form.model_validate_json(body)
        except ValidationError as error:
            return self._refused(method, "; ".join(f"{each['loc']}: {each['msg']}" for each in error.errors()))
        return await self._answered(method, asked)

    def _refused(self, method: str, why: str) -> Response:
        self.last_error = why
        return Trouble(method, 400, f"Bad Request: {why}").answer()

    async def _answered(self, method: str, asked: Documented) -> Response:
        match asked:
            case SendMessage():
                if asked.chat_id not in self.chats:
                    return self._refused(method, "chat not found")
                self.shown.append(asked)
                return _well({"message_id": len(self.shown), "date": int(time.time()), "chat": {"id": asked.chat_id}})
            case AnswerCallbackQuery():
                if asked.callback_query_id not in self.open_taps:
                    late = "query is too old and response timeout expired or query ID is invalid"
                    return self._refused(method, late)
                self.open_taps.remove(asked.callback_query_id)
                self.calmed.append(asked.callback_query_id)
                return _well(True)
            case GetUpdates():
                return await self._told(asked)
            case GetFile():
                return self._file(asked.file_id)
            case SetWebhook():
                self.webhook = asked
                return _well(True)
            case _ if method == "deleteWebhook":
                self.webhook = None
                return _well(True)
            case _:
                return _well(self._info())

    async def _told(self, asked: GetUpdates) -> Response:
        if self.webhook is not None:
            return Trouble("getUpdates", 409, WEBHOOK_ACTIVE).answer()
        self.offsets.append(asked.offset)
        if asked.offset is not None:
            self.updates = [each for each in self.updates if each["update_id"] >= asked.offset]
        until = time.monotonic() + asked.timeout
        while not self.updates and time.monotonic() < until:
            await sleep(0.01)
        return _well(self.updates[: asked.limit])

    def _file(self, file_id: str) -> Response:
        if file_id not in self.files:
            return self._refused("getFile", "wrong file_id or the file is temporarily unavailable")
        size = self.claimed_size or len(self.files[file_id])
        return _well({"file_id": file_id, "file_unique_id": "u", "file_size": size, "file_path": self.file_path})

    def _info(self) -> dict[str, Any]:
        info: dict[str, Any] = {
            "url": self.webhook.url if self.webhook else "", "has_custom_certificate": False,
            "pending_update_count": len(self.updates), "max_connections": 40,
        }  # fmt: skip
        if self.last_error:
            info |= {"last_error_date": 1_764_147_600, "last_error_message": self.last_error}
        return info

    async def post(self, http: httpx.AsyncClient, url: str, update: Mapping[str, Any], secret: str) -> httpx.Response:
        """Post an update as Telegram does."""
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
        return await http.post(url, content=json.dumps(update), headers=headers)


def _well(result: object) -> Response:
    return JSONResponse({"ok": True, "result": result})
