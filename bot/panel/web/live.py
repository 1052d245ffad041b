"""What keeps open pages fresh: which fragments changed, and whether somebody is still signed in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated

from anyio import move_on_after, to_thread
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from bot.panel.values import Agent
from bot.panel.web import cookies
from bot.panel.web.access import needs, panel_of, visit_of
from bot.panel.web.pages import HEADERS

RETRY_MS = 2_000
LOOK_EVERY = 30.0
"""Seconds after which a page learns that its session has ended, at most."""


def router() -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    @routes.get("/agent/stream", response_class=EventSourceResponse)
    async def stream(
        request: Request, agent: Annotated[Agent, Depends(needs("agent"))]
    ) -> AsyncIterator[ServerSentEvent]:
        """``changed`` names what changed; ``signed-out`` is the last event of a session that has ended."""
        panel, secret = panel_of(request), cookies.read("session", request) or ""
        with panel.news.listen() as listener:
            yield ServerSentEvent(retry=RETRY_MS)
            while True:
                names: frozenset[str] | None = frozenset()
                with move_on_after(LOOK_EVERY):
                    names = await listener.changed()
                if names is None:
                    return
                if await to_thread.run_sync(panel.sign_in.who, secret, False) is None:
                    yield ServerSentEvent(raw_data="{}", event="signed-out")
                    return
                if names:
                    yield ServerSentEvent(raw_data=json.dumps(sorted(names)), event="changed")

    @routes.get("/agent/session")
    def session(request: Request, agent: Annotated[Agent, Depends(needs("agent"))]) -> Response:
        """Who is signed in, and the token that forms need since."""
        return JSONResponse({"agent": agent.id, "csrf": visit_of(request).csrf}, headers=HEADERS)

    return routes
