"""A Telegram bot as a messenger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
from fastapi import APIRouter

from bot.channels.messengers.calls import CallFailed, Parts, open_client
from bot.channels.messengers.ports import Failed, Intake, OutboundMessage
from bot.channels.messengers.telegram.messages import sent_messages
from bot.channels.messengers.telegram.polling import Polling
from bot.channels.messengers.telegram.receiving import Receiver
from bot.channels.messengers.telegram.webhook import webhook_router
from bot.types import Context
from bot.understanding.locale import FALLBACK, language_of


@dataclass(frozen=True)
class Telegram:
    """See :class:`bot.channels.messengers.ports.Messenger`. ``secret``: None where news are polled."""

    receiver: Receiver
    secret: bytes | None = field(repr=False)
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

    def router(self, intake: Intake) -> APIRouter | None:
        """Where Telegram posts; None where news are polled."""
        return None if self.secret is None else webhook_router(self.receiver, self.secret, self.client, intake)

    async def listen(self, intake: Intake) -> None:
        """Poll for news, unless they are posted."""
        if self.secret is None:
            async with self.client() as http:
                await Polling(self.receiver).run(intake, http)

    async def deliver(self, message: OutboundMessage, http: httpx.AsyncClient) -> Failed | None:
        """Send a reply, in as many messages as it takes."""
        api = self.receiver.api
        calls = sent_messages(message, api.rules, self._share_location(message))
        for number in range(self._parts.shown(message.delivery_id), len(calls)):
            try:
                await api.call(http, "sendMessage", **calls[number])
            except CallFailed as error:
                return error.failed
            self._parts.note(message.delivery_id, number + 1)
        self._parts.forget(message.delivery_id)
        return None

    def _share_location(self, message: OutboundMessage) -> str:
        texts = self.receiver.texts
        spoken = message.reply.language if message.reply is not None else self.context.locale
        return texts.page("messenger/share_location", language_of(spoken, texts.languages) or FALLBACK)
