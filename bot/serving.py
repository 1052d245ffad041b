"""Serves the application with uvicorn, and lets it end in good order."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

PATIENCE_S = 10
"""How long requests that are under way may take once the server is to end."""


class Server(uvicorn.Server):
    """Calls ``ending`` before it waits for open requests: those that follow a conversation would never end."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End."""
        self._ending()
        await super().shutdown(sockets)


def config_of(app: ASGIApp, host: str, port: int) -> uvicorn.Config:
    """How the application is served."""
    return uvicorn.Config(
        app, host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=PATIENCE_S,
        proxy_headers=False,  # whose X-Forwarded-For is believed, PLUGDESK_PROXIES alone says
    )  # fmt: skip


def serve_app(app: ASGIApp, host: str, port: int, ending: Callable[[], None]) -> None:
    """Serve until the process is told to end."""
    Server(config_of(app, host, port), ending).run()
