"""Keeps the records what the conversations' events say; a few seconds behind them, which figures may be."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from anyio import sleep, to_thread

from bot.errors import UnknownConversation
from bot.panel.figures.ports import Records
from bot.panel.figures.record import Record
from bot.ports import ConversationStore

log = logging.getLogger(__name__)
VERSION = 1
"""Raise it when the same events give other records: all are made anew then."""
EVENTS_AT_ONCE = 1_000
RECORDS_AT_ONCE = 50
"""More would keep others from writing to the panel's file for too long."""
LOOK_EVERY = 10.0
"""Seconds between two looks for what was appended."""
MOST_TRIES = 20
"""Another process may count the same conversation; so many times in a row it is not first."""


@dataclass(frozen=True)
class Follower:
    """Several may run at once, in several processes: a record is kept only by who saw the one before it."""

    store: ConversationStore
    records: Records
    source: str
    """The store's URL."""

    async def run(self) -> None:
        """Catch up, then follow. Until cancelled."""
        while True:
            began, behind = time.monotonic(), False
            try:
                behind = await to_thread.run_sync(self.catch_up)
            except Exception:
                log.exception("figures could not be brought up to date; it is tried again")
            # Who has much to catch up with takes a quarter of the time, and leaves the rest to those who are served.
            await sleep(3 * (time.monotonic() - began) if behind else LOOK_EVERY)

    def catch_up(self) -> bool:
        """Go through the next portion of what was appended since the last one; whether there is more.

        Where records were made in another way, or from another store, all are made anew. An older version leaves them
        to the newer one.
        """
        mark = self.records.mark()
        if mark is None or mark.version < VERSION or mark.source != self.source:
            self.records.begin_anew(VERSION, self.source)
            return True
        if mark.version > VERSION:
            return False
        until, changed = self.store.appended(mark.mark, EVENTS_AT_ONCE)
        self._count(changed)
        if until != mark.mark:
            self.records.advance(mark.mark, until)
        return until != mark.mark

    def _count(self, conversations: Iterable[str]) -> None:
        all_of_them = list(conversations)
        for start in range(0, len(all_of_them), RECORDS_AT_ONCE):
            some: Collection[str] = all_of_them[start : start + RECORDS_AT_ONCE]
            for _ in range(MOST_TRIES):
                some = self._counted(some)
                if not some:
                    break

    def _counted(self, conversations: Collection[str]) -> frozenset[str]:
        known = self.records.of(conversations)
        changes = []
        for conversation in conversations:
            before = known.get(conversation) or Record(conversation=conversation)
            after = self._after(before)
            if after.number != before.number:
                changes.append((before.number, after))
        return self.records.put(changes) if changes else frozenset()

    def _after(self, before: Record) -> Record:
        try:
            return before.after(self.store.events(before.conversation, before.number))
        except UnknownConversation:
            return before
        except ValueError:
            # One conversation that a newer version wrote must not keep all others out of the figures.
            log.exception("conversation %s cannot be read; it is left out of the figures", before.conversation)
            return before
