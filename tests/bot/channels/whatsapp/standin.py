"""A server that answers as the Graph API does, checks every request against its documentation, and plays errors."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from tests.bot.channels.whatsapp.schema import Message

TOKEN = "EAAstandin0123456789ABCDEF"
NUMBER = "106540352242922"
APP_SECRET = "0123456789abcdef0123456789abcdef"
VERIFY = "a-word-of-the-operator"


@dataclass(frozen=True)
class Refusal:
    """What the next message meets, once ``after`` messages went well."""

    status: int
    code: int
    message: str = "Something went wrong"
    details: str = ""
    subcode: int | None = None
    after: int = 0

    def answer(self) -> JSONResponse:
        told: dict[str, Any] = {
            "message": f"(#{self.code}) {self.message}", "type": "OAuthException", "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details}, "fbtrace_id": "Az8or2yhqkZfEZ",
        }  # fmt: skip
        if self.subcode is not None:
            told["error_subcode"] = self.subcode
        return JSONResponse({"error": told}, self.status)


WINDOW = Refusal(
    400, 131047, "Re-engagement message",
    "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
)  # fmt: skip
PAIR = Refusal(400, 131056, "(Business Account, Consumer Account) pair rate limit hit", "Too many messages were sent.")


@dataclass
class WhatsAppStandin:
    """The Graph API for one number, and the host that files are on."""

    media_url: str = "https://media.example/file"
    shown: list[Message] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    claimed_size: int | None = None
    refusals: list[Refusal] = field(default_factory=list)
    media_status: int = 200
    calls: list[str] = field(default_factory=list)
    last_error: str = ""

    @property
    def app(self) -> FastAPI:
        graph = FastAPI()

        @graph.post("/v25.0/{number}/messages")
        async def messages(number: str, request: Request) -> Response:
            return self._sent(number, request.headers.get("Authorization"), await request.body())

        @graph.get("/v25.0/{media}")
        async def media(media: str, request: Request) -> Response:
            self.calls.append(f"media {media}")
            if request.headers.get("Authorization") != f"Bearer {TOKEN}":
                return Refusal(401, 190, "Invalid OAuth access token").answer()
            if request.query_params.get("phone_number_id") != NUMBER or media not in self.files:
                return Refusal(400, 100, "Unsupported get request", "", 33).answer()
            size = self.claimed_size or len(self.files[media])
            known = {
                "messaging_product": "whatsapp", "url": f"{self.media_url}?mid={media}", "mime_type": "image/jpeg",
                "sha256": "29ed500f", "file_size": size, "id": media,
            }  # fmt: skip
            return JSONResponse(known)

        return graph

    @property
    def media_app(self) -> FastAPI:
        host = FastAPI()

        @host.get("/file")
        async def file(mid: str, request: Request) -> Response:
            self.calls.append(f"file {mid}")
            if request.headers.get("Authorization") != f"Bearer {TOKEN}":
                return Response(status_code=401)
            return Response(self.files[mid], self.media_status)

        return host

    def _sent(self, number: str, shown: str | None, body: bytes) -> Response:
        self.calls.append("messages")
        earlier = self.calls.count("messages") - 1
        refusal = next((each for each in self.refusals if each.after <= earlier), None)
        if refusal is not None:
            self.refusals.remove(refusal)
            return refusal.answer()
        if shown != f"Bearer {TOKEN}":
            return Refusal(401, 190, "Invalid OAuth access token").answer()
        if number != NUMBER:
            return Refusal(400, 100, "Object does not exist", "", 33).answer()
        try:
            message = Message.model_validate_json(body)
        except ValidationError as error:
            self.last_error = str(error)
            return Refusal(400, 131009, "Parameter value is not valid", self.last_error).answer()
        self.shown.append(message)
        to = message.to or message.recipient
        known = {
            "messaging_product": "whatsapp", "contacts": [{"input": to, "wa_id": to}],
            "messages": [{"id": f"wamid.OUT{len(self.shown)}"}],
        }  # fmt: skip
        return JSONResponse(known)


def signature(body: bytes, secret: str = APP_SECRET) -> str:
    """As Meta signs what it posts."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


async def post(http: httpx.AsyncClient, url: str, told: Mapping[str, Any]) -> httpx.Response:
    """Post a notification as Meta does."""
    body = json.dumps(told).encode()
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature(body)}
    return await http.post(url, content=body, headers=headers)
