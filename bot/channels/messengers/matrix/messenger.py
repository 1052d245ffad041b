"""A Matrix homeserver that is connected."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from anyio import move_on_after, sleep
from fastapi import APIRouter

from bot.channels.messengers.matrix.formatted import content_of
from bot.channels.messengers.matrix.homeserver import Account, Homeserver, MatrixError, Refused, open_http
from bot.channels.messengers.matrix.peers import room_of
from bot.channels.messengers.matrix.receiver import COURTESY_S, Receiver
from bot.channels.messengers.matrix.routes import appservice_router
from bot.channels.messengers.ports import Failed, Intake, OutboundMessage
from bot.replies.catalogues import Templates
from bot.types import Context, HeadingPart
from bot.understanding.locale import FALLBACK, language_of

log = logging.getLogger(__name__)
SET_UP_EVERY_S = 30.0
"""Between two attempts, while the homeserver is away or does not know the registration yet."""
HOPELESS = frozenset({"M_FORBIDDEN", "M_TOO_LARGE", "M_BAD_JSON"})
"""The bot is not in the room any more, or the message cannot be one."""
NOT_ALONE = "the recipient is not alone with the bot in the room"


@dataclass(frozen=True)
class Matrix:
    """See :class:`bot.channels.messengers.ports.Messenger`. Not all clients show buttons, so choices are numbered."""

    name: str
    account: Account
    hs_token: str = field(repr=False)
    """What the homeserver shows."""
    display_name: str
    context: Context
    texts: Templates
    buttons: bool = False
    client: Callable[[], httpx.AsyncClient] = open_http

    def router(self, intake: Intake) -> APIRouter:
        """See :class:`bot.channels.messengers.ports.Messenger`."""
        http = self.client()
        receiver = Receiver(self.name, Homeserver(self.account, http), intake, self._told)
        return appservice_router(self.hs_token, self.account.user, receiver, http)

    async def listen(self, intake: Intake) -> None:  # noqa: ARG002 - what comes in comes by the routes
        """Let the bot's user exist, under its name; messages come in by the routes."""
        async with self.client() as http:
            while not await self._set_up(Homeserver(self.account, http, tries=1)):
                await sleep(SET_UP_EVERY_S)

    async def deliver(self, message: OutboundMessage, http: httpx.AsyncClient) -> Failed | None:
        """Say it in the recipient's room. Delivered twice it is shown once, as the delivery's id is the same."""
        user, room = room_of(message.recipient)
        home = Homeserver(self.account, http, tries=1)
        try:
            # While Plugdesk was away they may have left, and somebody else may have come, who must not read it.
            if await home.others(room) != {user}:
                return Failed(NOT_ALONE, final=True)
            await home.send(room, message.delivery_id, _content(message, user))
        except Refused as error:
            return Failed(str(error), final=error.code in HOPELESS, wait=error.wait)
        except MatrixError as error:
            return Failed(str(error))
        if message.in_reply_to is not None:
            with suppress(MatrixError), move_on_after(COURTESY_S):
                await home.typing(room, 0)
        return None

    async def _set_up(self, home: Homeserver) -> bool:
        try:
            await home.register()
            await home.make_device()
            await home.show_as(self.display_name)
        except MatrixError as error:
            log.warning(
                "%s: the homeserver at %s does not let %s in: %s. It needs the registration of: plugdesk matrix "
                "registration %s. Tried again in %d s.",
                self.name, self.account.base, self.account.user, error, self.name, SET_UP_EVERY_S,
            )  # fmt: skip
            return False
        return True

    def _told(self, template: str) -> str:
        language = language_of(self.context.locale, self.texts.languages) or FALLBACK
        return self.texts.page(f"matrix/{template}", language)


def _content(message: OutboundMessage, user: str) -> dict[str, Any]:
    headings = {part.text for part in message.reply.parts if isinstance(part, HeadingPart)}
    return content_of(message.text, headings, user if message.urgent else None)
