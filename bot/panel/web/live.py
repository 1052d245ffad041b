"""What keeps open pages fresh: which fragments changed, and whether somebody is still signed in."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from typing import Annotated

from anyio import move_on_after, sleep, to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from bot.panel.values import Agent
from bot.panel.web import cookies
from bot.panel.web.access import needs, panel_of, visit_of
from bot.panel.web.pages import HEADERS

RETRY_MS = 2_000
LOOK_EVERY = 30.0
"""Seconds after which a page learns that its session has ended, at most."""
SURE_FOR = 2.0
"""Seconds for which a session that was looked at counts as open: busy streams would look at nothing else."""
PACE = 0.2
"""Seconds between two events of a stream: what comes in between is told together."""
MOST_NAMES = 2_000
"""Letters."""
LONGEST_MARK = 64


def router() -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    @routes.get("/agent/stream", response_class=EventSourceResponse)
    async def stream(
        request: Request,
        agent: Annotated[Agent, Depends(needs("agent"))],
        on: Annotated[str, Query(max_length=MOST_NAMES)] = "",
        since: Annotated[str | None, Query(max_length=LONGEST_MARK)] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        """``changed`` names what changed, or of that what ``on`` names, with spaces in between.

        ``since`` is the mark that the page holds: what changed between the page and its stream is told first.
        ``signed-out`` is the last event of a session that has ended.
        """
        panel, secret = panel_of(request), cookies.read("session", request) or ""
        wanted = frozenset(on.split()) or None
        looked = time.monotonic()
        with panel.news.listen(wanted, since) as listener:
            yield ServerSentEvent(retry=RETRY_MS)
            while True:
                names: frozenset[str] | None = frozenset()
                with move_on_after(LOOK_EVERY):
                    names = await listener.changed()
                if names is None:
                    return
                if time.monotonic() - looked > SURE_FOR:
                    if await to_thread.run_sync(panel.sign_in.who, secret, False) is None:
                        yield ServerSentEvent(raw_data="{}", event="signed-out")
                        return
                    looked = time.monotonic()
                if names:
                    yield ServerSentEvent(raw_data=json.dumps(sorted(names)), event="changed")
                    await sleep(PACE)

    @routes.get("/agent/session")
    def session(request: Request, agent: Annotated[Agent, Depends(needs("agent"))]) -> Response:
        """Who is signed in, and the token that forms need since."""
        return JSONResponse({"agent": agent.id, "csrf": visit_of(request).csrf}, headers=HEADERS)

    return routes
