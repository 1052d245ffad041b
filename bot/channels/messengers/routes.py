"""The routes of connected messengers, below /v1/channels."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import create_task_group
from fastapi import APIRouter, Depends, FastAPI, HTTPException, status

from bot.channels.door import Door
from bot.channels.messengers.exchange import Exchange
from bot.channels.messengers.ports import Keyed

PREFIX = "/v1/channels"
UNKNOWN_CHANNEL = "There is no channel of that name. Its operator names channels in the file of PLUGDESK_CHANNELS."


def messengers_router(exchange: Exchange, door: Door) -> APIRouter:
    """The routes of all messengers, each below its name; while they are served, ``exchange`` runs."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with create_task_group() as beside:
            beside.start_soon(exchange.run)
            yield
            beside.cancel_scope.cancel()

    router = APIRouter(prefix=PREFIX, tags=["channels"], lifespan=lifespan)
    for name, messenger in exchange.reception.messengers.items():
        routes = messenger.router(exchange)
        if routes is not None:
            keyed = isinstance(messenger, Keyed) and messenger.keyed
            guarding = door.webhooks() if keyed else door.counting()
            router.include_router(routes, prefix=f"/{name}", dependencies=[Depends(guarding)])

    @router.post("/{name}/inbound", include_in_schema=False)
    def unknown() -> None:
        """Tell a name that is written wrong from a route that there is not."""
        raise HTTPException(status.HTTP_404_NOT_FOUND, UNKNOWN_CHANNEL)

    return router
