"""News fetched by getUpdates, for machines that nobody reaches from outside."""

from __future__ import annotations

import logging
from typing import Any

import httpx
from anyio import sleep
from fastapi import HTTPException
from pydantic import BaseModel, ValidationError

from bot.channels.messengers.calls import CallFailed
from bot.channels.messengers.ports import Intake
from bot.channels.messengers.telegram.receiving import Receiver
from bot.channels.messengers.telegram.updates import WANTED, Update

log = logging.getLogger(__name__)


class _Numbered(BaseModel):
    update_id: int


class Polling:
    """Fetches news in their order. What the intake has not kept is never confirmed: Telegram tells it again.

    One process at a time may poll for a bot (getUpdates answers 409 to others).
    """

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._offset: int | None = None
        self._failed = 0

    async def run(self, intake: Intake, http: httpx.AsyncClient) -> None:
        """Until cancelled."""
        api, rules, channel = self._receiver.api, self._receiver.api.rules, self._receiver.channel
        ready = False
        while True:
            try:
                if not ready:
                    # A webhook and polling exclude each other; what waits for the webhook is not dropped.
                    await api.call(http, "deleteWebhook", drop_pending_updates=False)
                    ready = True
                await self.look(intake, http)
            except CallFailed as error:
                asked = error.failed.wait
                log.warning("channel %s: news cannot be fetched: %s", channel, error)
                await sleep(max(rules.again_after_s, asked.total_seconds() if asked else 0))
            except Exception:
                log.exception("channel %s: news cannot be kept; they are fetched again", channel)
                await sleep(rules.again_after_s)

    async def look(self, intake: Intake, http: httpx.AsyncClient) -> int:
        """Fetch news once and take them in; returns how many there were.

        Raises:
            CallFailed: when Telegram does not answer well, or has not a photo ready.
        """
        api, rules = self._receiver.api, self._receiver.api.rules
        asked: dict[str, object] = {
            "limit": rules.poll_most, "timeout": rules.poll_s, "allowed_updates": list(WANTED)
        }  # fmt: skip
        if self._offset is not None:
            asked["offset"] = self._offset
        news = await api.call(http, "getUpdates", rules.poll_s, **asked)
        for told in news:
            await self._take_in(told, intake, http)
            self._offset, self._failed = _Numbered.model_validate(told).update_id + 1, 0
        return len(news)

    async def _take_in(self, told: Any, intake: Intake, http: httpx.AsyncClient) -> None:
        channel = self._receiver.channel
        try:
            update = Update.model_validate(told)
        except ValidationError as error:
            places = {str(each["loc"]) for each in error.errors()}
            log.warning("channel %s: news of an unknown form are skipped: %s", channel, sorted(places)[:5])
            return
        try:
            patient = self._failed + 1 < self._receiver.api.rules.photo_attempts
            await self._receiver.receive(update, intake, http, patient)
        except CallFailed:
            self._failed += 1
            raise
        except HTTPException as error:
            # Who writes too often must not hold up everybody else.
            log.warning("channel %s: a message was refused: %s", channel, error.detail)
