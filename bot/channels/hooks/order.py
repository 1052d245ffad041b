"""Lets the messages of one sender pass one by one, in the order in which they were sent."""

from __future__ import annotations

from bisect import insort
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from anyio import Event, sleep


@dataclass(order=True)
class _Ticket:
    sent_at: datetime
    number: int
    settled: bool = field(default=False, compare=False)
    called: Event = field(default_factory=Event, compare=False)


@dataclass
class _Line:
    waiting: list[_Ticket] = field(default_factory=list)
    busy: bool = False

    def call(self) -> None:
        """Let the first one pass, if nobody is passing and it has waited for earlier ones."""
        if not self.busy and self.waiting and self.waiting[0].settled:
            self.busy = True
            self.waiting.pop(0).called.set()


class Order:
    """One line of messages a sender, within this process. ``settle_s``: how long one waits for earlier ones.

    A message that does not say when it was sent passes by when it arrived, and waits for none.
    """

    def __init__(self, settle_s: float) -> None:
        self._settle_s = settle_s
        self._lines: dict[str, _Line] = {}
        self._numbers = count()

    @asynccontextmanager
    async def turn(self, sender: str, sent_at: datetime | None) -> AsyncIterator[None]:
        """Wait for the message's turn, and keep it until the end of the block."""
        line = self._lines.setdefault(sender, _Line())
        ticket = _Ticket(sent_at or datetime.now(UTC), next(self._numbers))
        insort(line.waiting, ticket)
        try:
            if sent_at is not None:
                await sleep(self._settle_s)
            ticket.settled = True
            line.call()
            await ticket.called.wait()
            yield
        finally:
            if ticket.called.is_set():
                line.busy = False
            else:
                line.waiting.remove(ticket)
            line.call()
            if not line.busy and not line.waiting:
                self._lines.pop(sender, None)
