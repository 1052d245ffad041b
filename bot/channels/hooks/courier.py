"""Delivers what is queued: in order, signed, again and again until it has arrived or is dead."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
from anyio import Event, create_task_group, current_time, move_on_after, sleep, to_thread

from bot.channels.hooks.config import Channel, HookRules
from bot.channels.hooks.payload import outbound
from bot.channels.hooks.ports import Delivery
from bot.channels.hooks.service import Hooks
from bot.channels.hooks.signatures import HEADER, signed
from bot.channels.messengers.ports import Failed
from bot.errors import UnknownConversation
from bot.replies.catalogues import Templates

log = logging.getLogger(__name__)
GONE = 410
"""The receiver says that it will never come back (RFC 9110, 15.5.11)."""
LONGEST_ERROR = 200
Client = Callable[[], httpx.AsyncClient]


def open_client() -> httpx.AsyncClient:
    """Follows no redirect, which could lead a delivery elsewhere, and heeds no proxy of the environment."""
    return httpx.AsyncClient(follow_redirects=False, trust_env=False)


def wait_before(attempt: int, rules: HookRules, chance: float) -> timedelta:
    """How long to wait before the next attempt, after ``attempt`` that failed; ``chance`` from 0 to 1."""
    # Further doublings change nothing, and would end up beyond what a float holds.
    full = min(rules.most_wait_s, rules.first_wait_s * rules.factor ** min(attempt - 1, 64))
    return timedelta(seconds=full * (1 - rules.jitter * chance))


class Courier:
    """Runs beside the web application, in its event loop; whatever blocks happens in threads."""

    def __init__(self, hooks: Hooks, templates: Templates, client: Client = open_client) -> None:
        self.hooks, self._templates, self._open = hooks, templates, client
        self._wakings = {name: Event() for name in hooks.channels}

    def wake(self, channel: str) -> None:
        """There is something to deliver; called from the event loop."""
        self._wakings[channel].set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with self._open() as client, create_task_group() as beside:
            beside.start_soon(self._sweep)
            for channel in self.hooks.channels.values():
                beside.start_soon(self._serve, channel, client)

    async def deliver(self, channel: Channel, client: httpx.AsyncClient) -> int:
        """Try once whatever is due for a channel; returns how much that was."""
        rules, outbox = self.hooks.rules, self.hooks.outbox
        lease = timedelta(seconds=rules.lease_s)
        due = await to_thread.run_sync(outbox.claim, channel.name, self.hooks.clock.now(), lease, rules.at_once)
        async with create_task_group() as beside:
            for delivery in due:
                beside.start_soon(self._deliver, channel, delivery, client)
        return len(due)

    async def _serve(self, channel: Channel, client: httpx.AsyncClient) -> None:
        while True:
            try:
                if await self.deliver(channel, client):
                    continue
            except Exception:
                log.exception("the outbox of %s cannot be used; it is tried again", channel.name)
            with move_on_after(self.hooks.rules.look_every_s):
                await self._wakings[channel.name].wait()
            self._wakings[channel.name] = Event()

    async def _sweep(self) -> None:
        everybody_at = 0.0
        while True:
            now = current_time()
            everybody = now >= everybody_at
            if everybody:
                everybody_at = now + self.hooks.rules.sweep_all_every_s
            try:
                if await to_thread.run_sync(self.hooks.sweep, everybody):
                    for channel in self.hooks.channels:
                        self.wake(channel)
            except Exception:
                log.exception("what was said unasked could not be queued; it is looked at again")
            await sleep(self.hooks.rules.sweep_every_s)

    async def _deliver(self, channel: Channel, delivery: Delivery, client: httpx.AsyncClient) -> None:
        try:
            failed = await self._attempt(channel, delivery, client)
        except Exception as error:
            # One that cannot be sent must not stop the others, whose arrival would not be noted.
            log.exception("delivery %s to %s could not be attempted", delivery.id, channel.name)
            failed = Failed(type(error).__name__)
        outbox, now = self.hooks.outbox, self.hooks.clock.now()
        if failed is None:
            await to_thread.run_sync(outbox.delivered, delivery.id, now)
            return
        next_at = self._next(delivery, failed, now)
        if next_at is None:
            log.warning("delivery %s to %s is dead: %s", delivery.id, channel.name, failed.error)
        await to_thread.run_sync(outbox.failed, delivery.id, failed.error, next_at)

    def _next(self, delivery: Delivery, failed: Failed, now: datetime) -> datetime | None:
        rules = self.hooks.rules
        if failed.final or delivery.attempts >= rules.attempts:
            return None
        wait = wait_before(delivery.attempts, rules, random.random())  # noqa: S311
        return now + max(wait, failed.wait or wait)

    async def _attempt(self, channel: Channel, delivery: Delivery, client: httpx.AsyncClient) -> Failed | None:
        try:
            body = await to_thread.run_sync(self._body, channel, delivery)
        except UnknownConversation:
            return Failed("its conversation is gone", final=True)
        now = int(self.hooks.clock.now().timestamp())
        headers = {"Content-Type": "application/json", HEADER: signed(channel.secret, body, now)}
        timeout = self.hooks.rules.timeout_s
        try:
            with move_on_after(timeout):
                async with client.stream("POST", channel.url, content=body, headers=headers, timeout=timeout) as answer:
                    return None if answer.is_success else self._refused(answer)
        except httpx.HTTPError as error:
            return Failed(f"{type(error).__name__}: {error}"[:LONGEST_ERROR])
        return Failed(f"no answer within {timeout} s")

    def _refused(self, answer: httpx.Response) -> Failed:
        asked = answer.headers.get("Retry-After", "")
        seconds = min(float(asked), self.hooks.rules.most_wait_s) if asked.isascii() and asked.isdigit() else None
        wait = timedelta(seconds=seconds) if seconds is not None else None
        return Failed(f"HTTP {answer.status_code}", answer.status_code == GONE, wait)

    def _body(self, channel: Channel, delivery: Delivery) -> bytes:
        (event,) = self.hooks.talks.events(delivery.conversation, delivery.number - 1, 1)
        return outbound(channel, delivery, event, self._templates).model_dump_json().encode()
