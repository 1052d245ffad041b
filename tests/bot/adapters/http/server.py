"""The example back end: a server of its own, for which docs/connectors/example.yaml is written."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Header, Request
from fastapi.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tests.bot.adapters.http.world import World

TOKEN = "t0ken-of-the-example"
HTML = b"<!doctype html><title>Log in</title><p>Please log in."
SLOW_S = 0.6
Key = Annotated[str, Header(alias="Idempotency-Key")]


@dataclass(frozen=True)
class Seen:
    """A request as it came over the wire."""

    method: str
    path: str
    """Not decoded, with its query."""
    headers: dict[str, str]


class ExampleServer:
    """Serves a world on a free port of this machine.

    ``behaviour``: normal, slow, trickle, error, html, html_not_found, half, wrong_types, not_found, conflict, redirect,
    huge or hang_up.
    ``failures``: so many answers are errors before it behaves.
    """

    def __init__(self) -> None:
        self.reset()
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        config = uvicorn.Config(
            self._app, interface="asgi3", log_level="critical", lifespan="off", ws="none", timeout_keep_alive=60
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listening],), daemon=True)
        self._thread.start()
        until = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < until, "the example server does not start"
            time.sleep(0.01)

    def reset(self) -> None:
        """Everything as in the beginning."""
        self.world, self.seen = World(), list[Seen]()
        self.behaviour, self.failures = "normal", 0
        self._api = api(self.world)

    def stop(self) -> None:
        """No one listens any more."""
        self._server.should_exit = True
        self._thread.join(10)

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        query = f"?{scope['query_string'].decode()}" if scope["query_string"] else ""
        self.seen.append(Seen(scope["method"], scope["raw_path"].decode() + query, headers))
        behaviour = self.behaviour
        if self.failures:
            self.failures -= 1
            behaviour = "error"
        if behaviour == "slow":
            await asyncio.sleep(SLOW_S)
        if behaviour in ("normal", "slow"):
            await self._api(scope, receive, send)
        elif behaviour == "trickle":
            await _trickle(send)
        else:
            await _misbehave(behaviour, send)


async def _trickle(send: Send) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for _ in range(20):
        await send({"type": "http.response.body", "body": b" ", "more_body": True})
        await asyncio.sleep(SLOW_S / 10)
    await send({"type": "http.response.body", "body": b"{}"})


async def _misbehave(behaviour: str, send: Send) -> None:
    whole = json.dumps({"no": 40711, "provider": "eponet", "open": True}).encode()
    status, kind, body = {
        "error": (500, b"application/json", b'{"error": {"code": "no_charger"}}'),
        "html": (200, b"text/html; charset=utf-8", HTML),
        "html_not_found": (404, b"text/html", HTML),
        "half": (200, b"application/json", whole[: len(whole) // 2]),
        "hang_up": (200, b"application/json", whole[: len(whole) // 2]),
        "wrong_types": (200, b"application/json", b'{"no": [1], "provider": {"a": 1}, "open": "perhaps", "credit": 7}'),
        "not_found": (404, b"application/json", b'{"error": {"code": "no_such_thing"}}'),
        "conflict": (409, b"application/json", b'{"error": {"code": "busy"}}'),
        "redirect": (302, b"application/json", b""),
        "huge": (200, b"application/json", b'"' + b"x" * 1_000_001 + b'"'),
    }[behaviour]
    headers = [(b"content-type", kind), (b"location", b"/v1/elsewhere")]
    if behaviour == "hang_up":
        headers.append((b"content-length", str(len(whole)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _no(status: int, code: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code}}, status)


def api(world: World) -> FastAPI:
    """The back end's own interface."""
    app = FastAPI(openapi_url=None)

    @app.middleware("http")
    async def who(request: Request, call_next: Any) -> Any:
        known = request.headers.get("Authorization") == f"Bearer {TOKEN}"
        return await call_next(request) if known else _no(401, "who_are_you")

    @app.get("/v1/accounts/{number}")
    async def account(number: str) -> Any:
        return world.find(world.accounts, "no", number) or _no(404, "no_account")

    @app.get("/v1/accounts/{number}/sessions")
    async def sessions(number: str, state: str) -> Any:
        if world.find(world.accounts, "no", number) is None:
            return _no(404, "no_account")
        return {
            "sessions": [each for each in world.sessions if (str(each["account"]), each["state"]) == (number, state)]
        }

    @app.post("/v1/sessions/{session}/stop", status_code=202)
    async def stop(session: str, key: Key) -> Any:
        if key in world.done:
            return world.done[key]
        found = world.find(world.sessions, "id", session)
        if found is None:
            return _no(404, "no_session")
        if found["state"] == "ended":
            return _no(409, "ended")
        found["state"] = "ended"
        return world.done.setdefault(key, {})

    @app.get("/v1/stations")
    async def stations(code: str) -> Any:
        return {"stations": [each for each in world.stations if code in (each["printed"], each["evse"])]}

    @app.post("/v1/stations/{station}/unlock", status_code=202)
    async def unlock(station: str, key: Key) -> Any:
        found = world.find(world.stations, "printed", station)
        if found is None:
            return _no(404, "no_station")
        if not found["ours"]:
            return _no(409, "not_ours")
        return world.done.setdefault(key, {"state": "accepted"})

    @app.get("/v1/chargers/{charger}")
    async def charger(charger: str) -> Any:
        return world.find(world.chargers, "id", charger) or _no(404, "no_charger")

    @app.get("/v1/chargers/{charger}/members/{user}")
    async def member(charger: str, user: str) -> Any:
        if world.find(world.chargers, "id", charger) is None:
            return _no(404, "no_charger")
        return {"role": world.members[user]} if user in world.members else _no(404, "no_member")

    @app.post("/v1/chargers/{charger}/commands", status_code=202)
    async def command(charger: str, key: Key, request: Request) -> Any:
        assert (await request.json())["command"] in ("restart", "unlock")
        found = world.find(world.chargers, "id", charger)
        if found is None:
            return _no(404, "no_charger")
        if not found["online"]:
            return _no(409, "offline")
        return world.done.setdefault(key, {"state": "accepted", "command": f"C-{len(world.done) + 1}"})

    return app


@cache
def example_server() -> ExampleServer:
    """The one server of a test run; it ends with the run."""
    return ExampleServer()
