"""From a notification to the intake: photos are fetched, and one driver's trouble is no other's."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import httpx
from fastapi import HTTPException

from bot.channels.messengers.calls import CallFailed
from bot.channels.messengers.ports import Intake, MessageIdReused
from bot.channels.messengers.whatsapp.api import GraphApi
from bot.channels.messengers.whatsapp.notifications import Arrival, Notification, arrivals
from bot.types import Context

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Receiver:
    """Lets what one number is told of into the intake."""

    channel: str
    api: GraphApi
    context: Context

    async def receive(self, notification: Notification, intake: Intake, http: httpx.AsyncClient) -> None:
        """Take in what drivers sent. Where something of one cannot be taken in, what the others sent is all the same.

        Raises:
            CallFailed: when a photo does not come now; the notification is to be sent again.
            HTTPException: as the intake says.
        """
        trouble: dict[str, CallFailed | HTTPException] = {}
        for arrived in arrivals(notification, self.api.number, self.api.rules.silent):
            # What came after it would overtake it.
            if arrived.message.sender in trouble:
                continue
            try:
                await self._take_in(arrived, intake, http)
            except (CallFailed, HTTPException) as error:
                trouble[arrived.message.sender] = error
        for first in trouble.values():
            raise first

    async def _take_in(self, arrived: Arrival, intake: Intake, http: httpx.AsyncClient) -> None:
        photos = [] if arrived.photo is None else await self._photos(arrived.photo, http)
        try:
            await intake.take_in(self.channel, arrived.message, photos)
        except MessageIdReused:
            # Meta's ids are its own; the first one stands, and it must not come again and again.
            log.warning("channel %s: %s was told twice with other contents", self.channel, arrived.message.message_id)

    async def _photos(self, media: str, http: httpx.AsyncClient) -> list[bytes]:
        try:
            return [await self.api.file(http, media)]
        except CallFailed as error:
            if not error.failed.final:
                raise
            log.warning("channel %s: a message goes on without its photo: %s", self.channel, error)
            return []
