"""Delivers what is queued: in order, again and again until it has arrived or is dead."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import httpx
from anyio import Event, create_task_group, move_on_after, to_thread

from bot.channels.messengers.calls import open_client
from bot.channels.messengers.outbox import Delivery
from bot.channels.messengers.payload import outbound
from bot.channels.messengers.ports import Failed, Messenger, OutboundMessage
from bot.channels.messengers.replies import Replies
from bot.errors import UnknownConversation
from bot.replies.catalogues import Templates

log = logging.getLogger(__name__)
LONGEST_ERROR = 200
Client = Callable[[float], httpx.AsyncClient]


class Courier:
    """Runs beside the web application, in its event loop; whatever blocks happens in threads."""

    def __init__(
        self, messengers: Mapping[str, Messenger], replies: Replies, templates: Templates, client: Client = open_client
    ) -> None:
        self._messengers, self._replies, self._templates, self._open = messengers, replies, templates, client
        self._wakings = {name: Event() for name in messengers}

    def wake(self, channel: str) -> None:
        """There is something to deliver; called from the event loop."""
        if channel in self._wakings:
            self._wakings[channel].set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with self._open(self._replies.rules.timeout_s) as client, create_task_group() as beside:
            for messenger in self._messengers.values():
                beside.start_soon(self._serve, messenger, client)

    async def deliver(self, messenger: Messenger, client: httpx.AsyncClient) -> int:
        """Try once whatever is due for a channel; returns how much that was."""
        rules, outbox = self._replies.rules, self._replies.outbox
        lease = timedelta(seconds=rules.lease_s)
        due = await to_thread.run_sync(outbox.claim, messenger.name, self._replies.clock.now(), lease, rules.at_once)
        async with create_task_group() as beside:
            for delivery in due:
                beside.start_soon(self._deliver, messenger, delivery, client)
        return len(due)

    async def _serve(self, messenger: Messenger, client: httpx.AsyncClient) -> None:
        while True:
            try:
                if await self.deliver(messenger, client):
                    continue
            except Exception:
                log.exception("the outbox of %s cannot be used; it is tried again", messenger.name)
            with move_on_after(self._replies.rules.look_every_s):
                await self._wakings[messenger.name].wait()
            self._wakings[messenger.name] = Event()

    async def _deliver(self, messenger: Messenger, delivery: Delivery, client: httpx.AsyncClient) -> None:
        failed = await self._attempt(messenger, delivery, client)
        outbox, now = self._replies.outbox, self._replies.clock.now()
        if failed is None:
            await to_thread.run_sync(outbox.delivered, delivery.id, now)
            return
        next_at = self._next(delivery, failed, now)
        if next_at is None:
            log.warning("delivery %s to %s is dead: %s", delivery.id, messenger.name, failed.error)
        await to_thread.run_sync(outbox.failed, delivery.id, failed.error[:LONGEST_ERROR], next_at)

    def _next(self, delivery: Delivery, failed: Failed, now: datetime) -> datetime | None:
        rules = self._replies.rules
        if failed.final or delivery.attempts >= rules.attempts:
            return None
        wait = rules.wait_before(delivery.attempts, random.random())  # noqa: S311
        asked = min(failed.wait or wait, timedelta(seconds=rules.most_wait_s))
        return now + max(wait, asked)

    async def _attempt(self, messenger: Messenger, delivery: Delivery, client: httpx.AsyncClient) -> Failed | None:
        longest = self._replies.rules.attempt_s
        try:
            message = await to_thread.run_sync(self._message, messenger, delivery)
            with move_on_after(longest):
                return await messenger.deliver(message, client)
        except UnknownConversation:
            return Failed("its conversation is gone", final=True)
        except Exception as error:
            # One that cannot be sent must not stop the others, whose arrival would not be noted. Only the kind of
            # error is told: its words may hold an address with a token in it.
            log.warning(
                "delivery %s to %s could not be attempted: %s", delivery.id, messenger.name, type(error).__name__
            )
            return Failed(type(error).__name__)
        return Failed(f"not done within {longest} s")

    def _message(self, messenger: Messenger, delivery: Delivery) -> OutboundMessage:
        (event,) = self._replies.talks.events(delivery.conversation, delivery.number - 1, 1)
        return outbound(messenger, delivery, event, self._templates)
