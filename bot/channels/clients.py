"""What stands between the web application and its clients: keys, limits, other pages, proxies, messengers."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware.cors import CORSMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.channels.door import CONVERSATIONS, SCHEME, Door, needed
from bot.channels.messengers.exchange import Exchange
from bot.channels.messengers.routes import messengers_router
from bot.channels.problems import Problem

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope

log = logging.getLogger(__name__)
FORWARDED = b"x-forwarded-for"
REMEMBER_S = 600
"""How long browsers need not ask again whether a page may."""


@dataclass(frozen=True)
class Clients:
    """Who may come in. As it stands without values: everybody, from everywhere, as often as they like."""

    door: Door = field(default_factory=Door)
    proxies: tuple[str, ...] = ()
    """Addresses or networks whose X-Forwarded-For is believed."""
    exchange: Exchange | None = None
    """The messengers that are connected."""


def install_clients(app: FastAPI, clients: Clients, routers: tuple[APIRouter, ...]) -> None:
    """Include ``routers``, which hold conversations, behind the door, and whatever ``clients`` adds.

    Call it after every other middleware was added: what a page may not read, it cannot tell the driver.
    """
    refusals: dict[int | str, dict[str, Any]] = {429: {"model": Problem}}
    if clients.door.keys is not None:
        refusals |= {401: {"model": Problem}, 403: {"model": Problem}}
        _describe_rights(app)
    for router in routers:
        app.include_router(router, dependencies=[Depends(clients.door.conversations())], responses=refusals)
    if clients.exchange is not None:
        app.include_router(messengers_router(clients.exchange, clients.door), responses=refusals)
    if clients.door.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=clients.door.origins,
            allow_methods=["GET", "POST", "PUT"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
            expose_headers=["Retry-After"],
            max_age=REMEMBER_S,
        )
    app.add_middleware(Proxies, trusted_hosts=list(clients.proxies))


class Proxies(ProxyHeadersMiddleware):
    """Believes what known proxies say of the client. Where an unknown one says it, the log tells so, once."""

    def __init__(self, app: ASGI3Application, trusted_hosts: list[str]) -> None:
        super().__init__(app, trusted_hosts)
        self._told = False

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """ASGI entry."""
        if not self._told and scope["type"] == "http" and FORWARDED in dict(scope["headers"]):
            peer = scope["client"][0] if scope["client"] else ""
            if peer not in self.trusted_hosts:
                self._told = True
                log.warning(
                    "%s sends X-Forwarded-For and is not believed: all its drivers count as one. "
                    "If it is your proxy, name it in PLUGDESK_PROXIES.", peer,
                )  # fmt: skip
        await super().__call__(scope, receive, send)


def _describe_rights(app: FastAPI) -> None:
    """Let the API's description say where a conversation's id is enough; the framework takes every key for needed."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        schema = describe()
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                if path.startswith(CONVERSATIONS) and needed(method.upper(), path).open:
                    operation["security"] = [{SCHEME: []}, {}]
        return schema

    app.openapi = described  # type: ignore[method-assign]
