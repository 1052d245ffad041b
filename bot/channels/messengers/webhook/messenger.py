"""A messenger that is connected by webhooks, in both directions."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
from fastapi import APIRouter

from bot.channels.messengers.ports import Failed, Intake, OutboundMessage
from bot.channels.messengers.webhook.inbound import inbound_router
from bot.channels.messengers.webhook.signatures import HEADER, check, signed
from bot.types import Context

GONE = 410
"""The receiver says that it will never come back (RFC 9110, 15.5.11)."""
LONGEST_ERROR = 200


@dataclass(frozen=True)
class Webhook:
    """See :class:`bot.channels.messengers.ports.Messenger`."""

    name: str
    url: str
    """Where its replies are posted."""
    secret: bytes = field(repr=False)
    """Signs both directions."""
    buttons: bool
    context: Context
    window_s: int
    """A signature is good for so long, before and after."""
    now: Callable[[], float] = time.time
    """Seconds since 1970."""
    keyed: bool = True
    """See :class:`bot.channels.messengers.ports.Keyed`."""

    def router(self, intake: Intake) -> APIRouter:
        """See :class:`bot.channels.messengers.ports.Messenger`."""
        return inbound_router(self.name, self._check, intake)

    async def listen(self, intake: Intake) -> None:
        """See :class:`bot.channels.messengers.ports.Messenger`."""

    async def deliver(self, message: OutboundMessage, http: httpx.AsyncClient) -> Failed | None:
        """See :class:`bot.channels.messengers.ports.Messenger`."""
        body = message.model_dump_json().encode()
        headers = {"Content-Type": "application/json", HEADER: signed(self.secret, body, int(self.now()))}
        try:
            async with http.stream("POST", self.url, content=body, headers=headers) as answer:
                return None if answer.is_success else _refused(answer)
        except httpx.HTTPError as error:
            return Failed(f"{type(error).__name__}: {error}"[:LONGEST_ERROR])

    def _check(self, header: str | None, body: bytes) -> None:
        check(header, self.secret, body, self.now(), self.window_s)


def _refused(answer: httpx.Response) -> Failed:
    asked = answer.headers.get("Retry-After", "")
    wait = timedelta(seconds=float(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    return Failed(f"HTTP {answer.status_code}", answer.status_code == GONE, wait)
