"""An OCPI party in memory, with the demo world, that can be made to answer badly."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httpx
from pydantic import SecretStr

from bot.adapters.ocpi.connection import OcpiConnection, Party
from bot.adapters.ocpi.results import CommandResults
from bot.adapters.ocpi.rules import OcpiRules
from tests.integration.ocpi_server.world import World

HOME = "https://cpo.example/ocpi"
TOKEN, OWN_TOKEN = "their-token-c", "our-token-b"
Json = dict[str, Any]


def a_connection(**changes: Any) -> OcpiConnection:
    given: Json = {
        "versions": f"{HOME}/versions",
        "token": SecretStr(TOKEN),
        "own_token": SecretStr(OWN_TOKEN),
        "us": "CH*PLD",
        "name": "Plugdesk",
        "public": "https://plugdesk.example/",
        "parties": {"CH*EPO": Party(vendor="eponet"), "IT*CPI": Party(vendor="chargepoint")},
    }
    return OcpiConnection(**{**given, **changes})


def rules(**changes: Any) -> OcpiRules:
    """As shipped, without waiting for chance."""
    return OcpiRules.load().model_copy(update={"wait_s": 0.0, "result_s": 0.05, **changes})


def envelope(data: Any = None, code: int = 1000, http: int = 200, message: str = "said") -> httpx.Response:
    return httpx.Response(http, json={"data": data, "status_code": code, "status_message": message})


def unread(response: httpx.Response) -> httpx.Response:
    """As it comes from a wire: its body is still to be read."""
    return httpx.Response(response.status_code, headers=response.headers, stream=httpx.ByteStream(response.content))


class FakeParty(httpx.BaseTransport):
    """Answers as the standard has it, but for what a test spoils.

    ``spoilt``: by the end of a path, what is answered there instead. ``asked``: every request that came.
    """

    def __init__(self) -> None:
        self.world = World()
        self.results: CommandResults | None = None
        self.asked: list[httpx.Request] = []
        self.spoilt: dict[str, Callable[[httpx.Request], httpx.Response]] = {}
        self.modules = {"credentials": "SENDER", "locations": "SENDER", "sessions": "SENDER", "tokens": "SENDER"}
        self.modules["commands"] = "RECEIVER"
        self.versions = ("2.1.1", "2.2", "2.2.1")
        self.largest_page = 100
        self.headers: Callable[[int, int, int], Json] = lambda offset, limit, total: {
            "X-Total-Count": str(total),
            "X-Limit": str(limit),
        }

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        for end, answer in self.spoilt.items():
            if request.url.path.endswith(end):
                return unread(answer(request))
        return unread(self._answered(request))

    def paths(self, method: str = "GET") -> list[str]:
        """What was asked, without what stands before the module."""
        return [each.url.path.removeprefix("/ocpi/") for each in self.asked if each.method == method]

    def body(self, number: int = -1) -> Any:
        """What was sent with a request."""
        return json.loads(self.asked[number].content)

    def _answered(self, request: httpx.Request) -> httpx.Response:
        if b64decode(request.headers["Authorization"].removeprefix("Token ")).decode() != TOKEN:
            return httpx.Response(401, json={"detail": "Unauthorized"})
        path = request.url.raw_path.decode().partition("?")[0]
        return self._answer(request, [unquote(each) for each in path.removeprefix("/ocpi/").split("/")])

    def _answer(self, request: httpx.Request, parts: list[str]) -> httpx.Response:
        world = self.world
        match parts:
            case ["versions"]:
                return envelope([{"version": each, "url": f"{HOME}/{each}"} for each in self.versions])
            case ["2.2.1"]:
                modules = [
                    {"identifier": name, "role": role, "url": f"{HOME}/{name}"} for name, role in self.modules.items()
                ]
                return envelope({"version": "2.2.1", "endpoints": modules})
            case ["credentials"]:
                roles = [{"role": "CPO", "party_id": "EPO", "country_code": "CH"}]
                return envelope({"token": "their-new-token", "url": f"{HOME}/versions", "roles": roles})
            case ["locations", location, uid]:
                found = world.find(world.locations, location) or {"evses": []}
                evse = world.find(found["evses"], uid, "uid")
                return envelope(evse) if evse else envelope(code=2003, http=404)
            case ["tokens", uid, "authorize"]:
                token = world.find(world.tokens, uid, "uid")
                return (
                    envelope({"allowed": world.allowed[uid.lower()], "token": token})
                    if token
                    else envelope(code=2004, http=404)
                )
            case ["commands", command]:
                return self._command(command, json.loads(request.content))
            case ["locations" | "tokens" | "sessions" as module]:
                return self._page(request, getattr(world, module))
        return httpx.Response(404, text="<html>no such page</html>")

    def _page(self, request: httpx.Request, things: list[Json]) -> httpx.Response:
        params = request.url.params
        limit = min(int(params["limit"]), self.largest_page)
        offset = int(params["offset"])
        answer = envelope(things[offset : offset + limit])
        answer.headers.update(self.headers(offset, limit, len(things)))
        return answer

    def _command(self, command: str, body: Json) -> httpx.Response:
        said = self.world.respond(command, body)
        result = self.world.result(command, body) if said == "ACCEPTED" else None
        if result and self.results:
            self.results.arrived(body["response_url"].rsplit("/", 1)[-1], result)
        return envelope({"result": said, "timeout": 30})
