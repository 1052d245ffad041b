"""A homeserver in memory that knows what Plugdesk asks of one, and what takes in the messages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import httpx
from fastapi import HTTPException

from bot.channels.messengers.matrix.homeserver import DEVICE
from bot.channels.messengers.ports import InboundMessage

BOT = "@plugdesk:matrix.example"
ANE = "@ane:matrix.example"
PER = "@per:matrix.example"
ROOM = "!room:matrix.example"
AS_TOKEN = "a" * 32
HS_TOKEN = "h" * 32
BASE = "https://matrix.example"
Answer = tuple[int, dict[str, Any]]


@dataclass
class HomeserverDouble:
    """Its rooms, and what was done in them. ``refusals`` are answered first, one a request to ``refused``."""

    members: dict[str, set[str]] = field(default_factory=dict)
    invited: set[str] = field(default_factory=set)
    encrypted: set[str] = field(default_factory=set)
    history: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    users: set[str] = field(default_factory=set)
    devices: set[str] = field(default_factory=lambda: {DEVICE})
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By transaction."""
    typing: list[bool] = field(default_factory=list)
    refusals: list[Answer] = field(default_factory=list)
    refused: str = ""
    """A part of the paths that are meant."""
    asked: list[str] = field(default_factory=list)

    def http(self) -> httpx.AsyncClient:
        """A client whose requests come here."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answered))

    @property
    def bodies(self) -> list[str]:
        """What was said, in order."""
        return [content["body"] for content in self.said.values()]

    def _answered(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == f"Bearer {AS_TOKEN}"
        path = request.url.raw_path.decode().partition("?")[0].removeprefix("/_matrix/client/")
        self.asked.append(f"{request.method} {unquote(path)}")
        if self.refusals and self.refused in path:
            code, given = self.refusals.pop(0)
            return httpx.Response(code, json=given)
        body = json.loads(request.content) if request.content else None
        for method, pattern, answer in self._ways():
            found = re.fullmatch(pattern, path)
            if found and method == request.method:
                return answer(request, body, *map(unquote, found.groups()))
        return _no(404, "M_UNRECOGNIZED")

    def _ways(self) -> list[tuple[str, str, Callable[..., httpx.Response]]]:
        room = "v3/rooms/([^/]+)"
        return [
            ("POST", "v3/register", self._register),
            ("PUT", "v3/devices/([^/]+)", self._device),
            ("PUT", "v3/profile/([^/]+)/displayname", lambda *_: _yes()),
            ("POST", f"{room}/join", self._join),
            ("POST", f"{room}/leave", self._leave),
            ("GET", f"{room}/joined_members", self._members),
            ("GET", f"{room}/state/m.room.encryption/", self._encryption),
            ("GET", f"{room}/messages", self._messages),
            ("PUT", f"{room}/send/m.room.message/([^/]+)", self._send),
            ("PUT", f"{room}/typing/([^/]+)", self._typing),
            ("GET", "v1/media/download/([^/]+)/([^/]+)", self._download),
        ]

    def _register(self, request: httpx.Request, body: dict[str, Any]) -> httpx.Response:
        assert body["type"] == "m.login.application_service"
        if body["username"] in self.users:
            return _no(400, "M_USER_IN_USE")
        self.users.add(body["username"])
        return _yes()

    def _device(self, request: httpx.Request, body: dict[str, Any], device: str) -> httpx.Response:
        self.devices.add(device)
        return _yes()

    def _join(self, request: httpx.Request, body: dict[str, Any], room: str) -> httpx.Response:
        if room not in self.invited:
            return _no(403, "M_FORBIDDEN")
        self.invited.discard(room)
        self.members.setdefault(room, set()).add(BOT)
        return _yes()

    def _leave(self, request: httpx.Request, body: dict[str, Any], room: str) -> httpx.Response:
        self.members[room].discard(BOT)
        return _yes()

    def _members(self, request: httpx.Request, body: None, room: str) -> httpx.Response:
        if BOT not in self.members.get(room, ()):
            return _no(403, "M_FORBIDDEN")
        return _yes(joined={user: {} for user in self.members[room]})

    def _encryption(self, request: httpx.Request, body: None, room: str) -> httpx.Response:
        return _yes(algorithm="m.megolm.v1.aes-sha2") if room in self.encrypted else _no(404, "M_NOT_FOUND")

    def _messages(self, request: httpx.Request, body: None, room: str) -> httpx.Response:
        assert request.url.params["dir"] == "b"
        return _yes(chunk=self.history.get(room, [])[::-1])

    def _send(self, request: httpx.Request, body: dict[str, Any], room: str, transaction: str) -> httpx.Response:
        if BOT not in self.members.get(room, ()):
            return _no(403, "M_FORBIDDEN")
        assert request.url.params["user_id"] == BOT, "Synapse would fail"
        if request.url.params["device_id"] not in self.devices:
            return _no(400, "M_UNKNOWN_DEVICE")
        self.said.setdefault(transaction, body)
        return _yes(event_id=f"$said-{transaction}")

    def _typing(self, request: httpx.Request, body: dict[str, Any], room: str, user: str) -> httpx.Response:
        assert user == BOT
        self.typing.append(body["typing"])
        return _yes()

    def _download(self, request: httpx.Request, body: None, server: str, name: str) -> httpx.Response:
        file = self.media.get(f"mxc://{server}/{name}")
        return _no(404, "M_NOT_FOUND") if file is None else httpx.Response(200, content=file)


@dataclass
class KeptIntake:
    """Keeps what it takes in. ``too_often``: it takes nothing more."""

    messages: list[InboundMessage] = field(default_factory=list)
    photos: list[bytes] = field(default_factory=list)
    too_often: bool = False

    async def take_in(self, channel: str, message: InboundMessage, photos: Sequence[bytes] = ()) -> bool:
        """See :class:`bot.channels.messengers.ports.Intake`."""
        if self.too_often:
            raise HTTPException(429, "Too often.", {"Retry-After": "30"})
        if message.message_id in [each.message_id for each in self.messages]:
            return False
        self.messages.append(message)
        self.photos += photos
        return True

    @property
    def texts(self) -> list[str]:
        """What was taken in, in order."""
        return [message.text for message in self.messages]


def _yes(**given: Any) -> httpx.Response:
    return httpx.Response(200, json=given)


def _no(code: int, errcode: str) -> httpx.Response:
    return httpx.Response(code, json={"errcode": errcode, "error": "No."})


@dataclass
class Told:
    """Makes events as a homeserver pushes them."""

    count: int = 0

    def __call__(self, kind: str, content: dict[str, Any], sender: str = ANE, **more: Any) -> dict[str, Any]:
        """An event of that type."""
        self.count += 1
        return {
            "type": kind, "event_id": f"$event-{self.count}", "room_id": ROOM, "sender": sender, "content": content,
            "origin_server_ts": 1_795_000_000_000 + self.count, "unsigned": {"age": 12}, **more,
        }  # fmt: skip

    def message(self, body: str = "4521 lader ikke", sender: str = ANE, **more: Any) -> dict[str, Any]:
        """A message; ``more`` belongs to its content."""
        return self("m.room.message", {"msgtype": "m.text", "body": body, **more}, sender)

    def member(self, user: str, membership: str, before: str | None = None) -> dict[str, Any]:
        """What became of a member of the room."""
        unsigned = {"prev_content": {"membership": before}} if before else {}
        return self("m.room.member", {"membership": membership}, state_key=user, unsigned=unsigned)
