"""Runs all connected messengers beside the web application: lets messages in, has them answered, delivers replies."""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from anyio import CapacityLimiter, Event, create_task_group, current_time, move_on_after, sleep, to_thread

from bot.channels.messengers.courier import Courier
from bot.channels.messengers.inbox import Burst
from bot.channels.messengers.ports import InboundMessage, Messenger
from bot.channels.messengers.reception import Reception
from bot.ports import Notifier

log = logging.getLogger(__name__)
SHORTEST_REST_S = 0.01
"""What is due this very moment is not asked for in a circle."""


class Count(Protocol):
    """Counts what a sender writes."""

    def __call__(self, sender: str) -> None:
        """Raises HTTPException: 429, when it is too often."""


class Exchange:
    """See :class:`bot.channels.messengers.ports.Intake`. Whatever blocks happens in threads."""

    def __init__(self, reception: Reception, courier: Courier, notifier: Notifier, count: Count) -> None:
        self.reception, self.courier = reception, courier
        self._notifier, self._count = notifier, count
        self._replies, self._rules = reception.replies, reception.replies.rules
        self._waking = Event()

    async def take_in(self, channel: str, message: InboundMessage, photos: Sequence[bytes] = ()) -> bool:
        """See :class:`bot.channels.messengers.ports.Intake`."""
        self._count(f"{channel}/{message.sender}")
        new = await to_thread.run_sync(self.reception.keep, channel, message, photos)
        self._waking.set()
        return new

    async def run(self) -> None:
        """Until cancelled."""
        async with create_task_group() as beside:
            beside.start_soon(self.courier.run)
            beside.start_soon(self._again_and_again, "what people in messengers wrote", self._answer_all)
            beside.start_soon(self._again_and_again, "what was said in conversations", self._overhear)
            beside.start_soon(self._again_and_again, "what was said before", self._sweep)
            for messenger in self.reception.messengers.values():
                beside.start_soon(self._listen, messenger)

    async def _answer_all(self) -> None:
        """Answer whatever waits; a sender's turns follow each other, and so many senders are answered at once."""
        free = CapacityLimiter(self._rules.turns_at_once)
        async with create_task_group() as beside:
            while True:
                # A turn is taken only when it can begin: its lease runs from then on.
                owner = object()
                await free.acquire_on_behalf_of(owner)
                try:
                    burst = await to_thread.run_sync(self.reception.take)
                except BaseException:
                    free.release_on_behalf_of(owner)
                    raise
                if burst is not None:
                    beside.start_soon(self._answer, burst, lambda owner=owner: free.release_on_behalf_of(owner))
                    continue
                free.release_on_behalf_of(owner)
                await self._rest()

    async def _rest(self) -> None:
        """Until something is due, comes in, or may have come in elsewhere."""
        longest = self._rules.look_every_s
        wait = await to_thread.run_sync(self.reception.wait)
        with move_on_after(longest if wait is None else min(max(wait, SHORTEST_REST_S), longest)):
            await self._waking.wait()
        self._waking = Event()

    async def _answer(self, burst: Burst, then: Callable[[], None]) -> None:
        try:
            await to_thread.run_sync(self.reception.answer, burst)
        except Exception:
            # Not even its failure could be noted; the turn is taken up again when its lease ends.
            log.exception("messages of a sender of %s could not be put back", burst.channel)
        finally:
            then()
        self.courier.wake(burst.channel)
        self._waking.set()

    async def _overhear(self) -> None:
        """Collect at once what is said in this process, and what the notifier hears from others."""
        with self._notifier.listen_to_all() as everything:
            while (changed := await everything.changed()) is not None:
                for channel in await to_thread.run_sync(self._replies.overhear, changed.keys()):
                    self.courier.wake(channel)

    async def _sweep(self) -> None:
        everybody_at = 0.0
        while True:
            now = current_time()
            everybody = now >= everybody_at
            for channel in await to_thread.run_sync(self._replies.sweep, everybody):
                self.courier.wake(channel)
            if everybody:
                everybody_at = now + self._rules.sweep_all_every_s
                await to_thread.run_sync(self.reception.tidy)
            await sleep(self._rules.sweep_every_s)

    async def _listen(self, messenger: Messenger) -> None:
        """Let a messenger listen; one that stumbles listens again, after longer and longer waits."""
        attempt = 0
        while True:
            begun = current_time()
            try:
                await messenger.listen(self)
                return
            except Exception as error:
                attempt = 1 if current_time() - begun > self._rules.most_wait_s else attempt + 1
                wait = self._rules.wait_before(attempt, random.random()).total_seconds()  # noqa: S311
                # Only its kind is told: the words may hold an address with a token in it.
                log.warning("%s cannot be listened to (%s); again in %d s", messenger.name, type(error).__name__, wait)
                await sleep(wait)

    async def _again_and_again(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except Exception:
                log.exception("%s cannot be looked at; it is looked at again", what)
            await sleep(self._rules.look_every_s)
