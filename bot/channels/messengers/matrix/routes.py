"""The routes of an application service (Matrix Application Service API v1), below its channel's address."""

# No postponed annotations here: the framework could not find the functions of a function that they name.

import hmac
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI, Request, status
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute

from bot.channels.messengers.matrix.receiver import Receiver

PREFIX = "/_matrix/app/v1"
BEARER = "Bearer "
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def appservice_router(hs_token: str, user: str, receiver: Receiver, http: httpx.AsyncClient) -> APIRouter:
    """What a homeserver calls; while it is served, ``http`` is open. Only who shows ``hs_token`` is heard.

    Errors are Matrix's: it is a homeserver that reads them. The API page leaves the routes out, as they are not for
    anybody else.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with http:
            yield

    class Guarded(APIRoute):
        """Looks at the token before the body is read."""

        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()

            async def guarded(request: Request) -> Response:
                return _refusal(request, hs_token) or await handle(request)

            return guarded

    router = APIRouter(prefix=PREFIX, lifespan=lifespan, route_class=Guarded, include_in_schema=False)

    @router.put("/transactions/{transaction}")
    async def transaction(request: Request) -> Response:
        """Events, again and again until this answers 200."""
        try:
            given = json.loads(await request.body())
        except ValueError:
            given = None
        events = given.get("events") if isinstance(given, dict) else None
        if not isinstance(events, list):
            return _error(status.HTTP_400_BAD_REQUEST, "M_BAD_JSON", "There is no list of events in it.")
        await receiver.receive(events)
        return JSONResponse({})

    @router.get("/users/{name}")
    async def known(name: str) -> Response:
        """Whether the user exists. Only the bot's own does; it registers when Plugdesk starts."""
        return JSONResponse({}) if name == user else _not_found()

    @router.get("/rooms/{alias}")
    async def alias(alias: str) -> Response:  # noqa: ARG001
        """Whether there is a room of that name; the bot has none."""
        return _not_found()

    @router.post("/ping")
    async def ping() -> Response:
        """A sign of life."""
        return JSONResponse({})

    return router


def _refusal(request: Request, hs_token: str) -> Response | None:
    shown = request.headers.get("Authorization", "")
    if not shown.startswith(BEARER):
        return _error(status.HTTP_401_UNAUTHORIZED, "M_MISSING_TOKEN", "Show the hs_token as a bearer token.")
    if not hmac.compare_digest(shown.removeprefix(BEARER).encode(), hs_token.encode()):
        return _error(status.HTTP_403_FORBIDDEN, "M_FORBIDDEN", "This is not the hs_token of the registration.")
    return None


def _not_found() -> Response:
    return _error(status.HTTP_404_NOT_FOUND, "M_NOT_FOUND", "Plugdesk has nothing of that name.")


def _error(code: int, errcode: str, said: str) -> Response:
    return JSONResponse({"errcode": errcode, "error": said}, code)
