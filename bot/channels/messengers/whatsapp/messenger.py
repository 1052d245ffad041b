"""A business number of WhatsApp as a messenger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
from fastapi import APIRouter

from bot.channels.messengers.calls import CallFailed, Parts, open_client
from bot.channels.messengers.ports import Failed, Intake, OutboundMessage
from bot.channels.messengers.whatsapp.messages import sent_messages
from bot.channels.messengers.whatsapp.receiving import Receiver
from bot.channels.messengers.whatsapp.webhook import webhook_router
from bot.replies.catalogues import Templates
from bot.types import Context
from bot.understanding.locale import FALLBACK, language_of


@dataclass(frozen=True)
class WhatsApp:
    """See :class:`bot.channels.messengers.ports.Messenger`."""

    receiver: Receiver
    app_secret: bytes = field(repr=False)
    """Signs what Meta posts."""
    verify: bytes = field(repr=False)
    """Meta shows it when the address is entered."""
    texts: Templates
    client: Callable[[], httpx.AsyncClient] = open_client
    _parts: Parts = field(default_factory=Parts)

    buttons = True

    @property
    def name(self) -> str:
        """Of the channel."""
        return self.receiver.channel

    @property
    def context(self) -> Context:
        """What is known of all its drivers."""
        return self.receiver.context

    def router(self, intake: Intake) -> APIRouter:
        """Where Meta posts."""
        return webhook_router(self.receiver, self.app_secret, self.verify, self.client, intake)

    async def listen(self, intake: Intake) -> None:
        """There is no other way in."""

    async def deliver(self, message: OutboundMessage, http: httpx.AsyncClient) -> Failed | None:
        """Send a reply, in as many messages as it takes."""
        api = self.receiver.api
        bodies = sent_messages(message, api.rules, self._see_choices(message))
        for number in range(self._parts.shown(message.delivery_id), len(bodies)):
            try:
                await api.send(http, bodies[number])
            except CallFailed as error:
                return error.failed
            self._parts.note(message.delivery_id, number + 1)
        self._parts.forget(message.delivery_id)
        return None

    def _see_choices(self, message: OutboundMessage) -> str:
        spoken = message.reply.language if message.reply is not None else self.context.locale
        return self.texts.page("messenger/see_choices", language_of(spoken, self.texts.languages) or FALLBACK)
