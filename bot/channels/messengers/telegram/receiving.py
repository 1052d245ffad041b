"""From an update to the intake: photos are fetched, taps confirmed, START becomes a hello."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import httpx

from bot.channels.messengers.calls import CallFailed
from bot.channels.messengers.ports import Intake, MessageIdReused
from bot.channels.messengers.telegram.api import TelegramApi
from bot.channels.messengers.telegram.updates import Arrival, Update, arrival
from bot.replies.catalogues import Templates
from bot.types import Context
from bot.understanding.locale import FALLBACK, language_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Receiver:
    """Lets what one bot is told of into the intake."""

    channel: str
    api: TelegramApi
    context: Context
    texts: Templates

    async def receive(self, update: Update, intake: Intake, http: httpx.AsyncClient, patient: bool = True) -> None:
        """Take in what a driver sent, once it can be had whole.

        Args:
            update: what Telegram told.
            intake: which keeps it.
            http: for the photo.
            patient: a photo that does not come now may come later, and the message with it; else it goes on without.

        Raises:
            CallFailed: when the photo does not come, and ``patient``; nothing was taken in.
            HTTPException: as the intake says.
        """
        arrived = arrival(update, self.api.rules.unreadable)
        if arrived is None:
            return
        message = arrived.message
        if arrived.greeting:
            message = message.model_copy(update={"text": self._hello(message.locale)})
        photos = [] if arrived.photo is None else await self._photos(arrived.photo, http, patient)
        try:
            await intake.take_in(self.channel, message, photos)
        except MessageIdReused:
            # Telegram's ids are its own; the first one stands, and it must not come again and again.
            log.warning("channel %s: %s was told twice with other contents", self.channel, message.message_id)
        await self._calm(arrived, http)

    async def _photos(self, file_id: str, http: httpx.AsyncClient, patient: bool) -> list[bytes]:
        try:
            return [await self.api.file(http, file_id)]
        except CallFailed as error:
            if patient and not error.failed.final:
                raise
            log.warning("channel %s: a message goes on without its photo: %s", self.channel, error)
            return []

    async def _calm(self, arrived: Arrival, http: httpx.AsyncClient) -> None:
        """Let the button that was tapped stop showing that it waits."""
        if arrived.tap is None:
            return
        try:
            await self.api.call(http, "answerCallbackQuery", callback_query_id=arrived.tap)
        except CallFailed as error:
            # It stops by itself after a while, and the reply comes all the same.
            log.info("channel %s: a tap could not be confirmed: %s", self.channel, error)

    def _hello(self, locale: str | None) -> str:
        """What a driver who only pressed START would have written."""
        languages = self.texts.languages
        language = language_of(locale, languages) or language_of(self.context.locale, languages) or FALLBACK
        return self.texts.page("messenger/hello", language)
