"""Keeps the cases what the conversations' events say, and tells open pages what changed."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from anyio import create_task_group, sleep, to_thread

from bot.errors import UnknownConversation
from bot.panel.cases.case import Case, line_of
from bot.panel.cases.ports import Cases, Change, View
from bot.panel.ports import PanelNews
from bot.ports import Clock, ConversationStore, Notifier

log = logging.getLogger(__name__)
VERSION = 2
"""Raise it when the same events give other cases, or cases are kept in another way: all are made anew then."""
EVENTS_AT_ONCE = 1_000
CASES_AT_ONCE = 50
"""More would keep others from writing to the panel's file for too long."""
LOOK_EVERY = 1.0
"""Seconds between two looks for what other processes wrote, and for snoozes that are over."""
MOST_TRIES = 20
"""Another process may project the same conversation; so many times in a row it is not first."""
COUNTS = "case-counts"
"""Told when more or fewer cases wait, or are somebody's."""


@dataclass(frozen=True)
class Projector:
    """Several may run at once, in several processes: a case is kept only by who saw the one before it."""

    store: ConversationStore
    cases: Cases
    news: PanelNews
    clock: Clock
    source: str
    """The store's URL."""

    async def run(self, notifier: Notifier) -> None:
        """Catch up, then follow: at once what this process writes, soon what others write. Until cancelled."""
        async with create_task_group() as both:
            both.start_soon(self._hear, notifier)
            both.start_soon(self._look)

    def project(self, conversations: Iterable[str]) -> None:
        """Bring the cases of these conversations up to date."""
        open_ones = list(dict.fromkeys(conversations))
        for start in range(0, len(open_ones), CASES_AT_ONCE):
            some: Collection[str] = open_ones[start : start + CASES_AT_ONCE]
            for _ in range(MOST_TRIES):
                some = self._projected(some)
                if not some:
                    break

    def catch_up(self) -> bool:
        """Go through the next portion of what was appended since the last one; whether there is more.

        Where cases were made in another way, or from another store, all are made anew. An older version leaves them
        to the newer one.
        """
        mark = self.cases.mark()
        if mark is None or mark.version < VERSION or mark.source != self.source:
            self.rebuild()
            return True
        if mark.version > VERSION:
            return False
        until, changed = self.store.appended(mark.mark, EVENTS_AT_ONCE)
        self.project(changed)
        if until != mark.mark:
            self.cases.advance(mark.mark, until)
        return until != mark.mark

    def rebuild(self) -> None:
        """Forget all cases, so that catching up makes them anew."""
        self.cases.begin_anew(VERSION, self.source)

    def wake(self) -> None:
        """Let what was snoozed until now wait again."""
        self._tell(self.cases.wake(self.clock.now()))

    async def _hear(self, notifier: Notifier) -> None:
        with notifier.listen_to_all() as listener:
            while (changed := await listener.changed()) is not None:
                try:
                    await to_thread.run_sync(self.project, changed)
                except Exception:
                    log.exception("a case could not be kept; it is looked at again")

    async def _look(self) -> None:
        while True:
            began, behind = time.monotonic(), False
            try:
                behind = await to_thread.run_sync(self.catch_up)
                if not behind:
                    await to_thread.run_sync(self.wake)
            except Exception:
                log.exception("cases could not be brought up to date; it is tried again")
            # Who has much to catch up with takes half of the time, and leaves the other half to those who are served.
            await sleep(time.monotonic() - began if behind else LOOK_EVERY)

    def _projected(self, conversations: Collection[str]) -> frozenset[str]:
        known = self.cases.of(conversations)
        changes, moves = [], []
        for conversation in conversations:
            before = known.get(conversation)
            change = self._change(before or Case(conversation=conversation))
            if change:
                changes.append(change)
                moves.append((before, change.case))
        overtaken = self.cases.put(changes) if changes else frozenset()
        self._tell([move for move in moves if move[1].conversation not in overtaken])
        return overtaken

    def _change(self, before: Case) -> Change | None:
        try:
            events = self.store.events(before.conversation, before.number)
            after = before.after(events).at(self.clock.now())
        except UnknownConversation:
            return None
        except ValueError:
            # One conversation that a newer version wrote must not keep all others out of the inbox.
            log.exception("conversation %s cannot be read; it is left out of the inbox", before.conversation)
            return None
        if after.number == before.number:
            return None
        return Change(before.number, after, tuple(line for event in events if (line := line_of(event))))

    def _tell(self, moves: Sequence[tuple[Case | None, Case]]) -> None:
        names = {name for before, after in moves for name in told(before, after)}
        if names:
            self.news.tell(*sorted(names))


def told(before: Case | None, after: Case) -> frozenset[str]:
    """The names of what changed, for open pages: the case itself, the views that it is or was in, the counts."""
    shown = [case for case in (before, after) if case]
    names = {f"case-{after.conversation}"} | {name_of(view, me) for case in shown for view, me in _views(case)}
    stands = [(case.stage, case.urgent, case.keeper and case.keeper.id) for case in shown]
    return frozenset(names | ({COUNTS} if len(set(stands)) > 1 or before is None else set()))


def name_of(view: View, me: str) -> str:
    """What is told when cases of a view change; ``mine`` is told to whose it is alone."""
    return f"cases-mine-{me}" if view == "mine" else f"cases-{view}"


def _views(case: Case) -> list[tuple[View, str]]:
    views: list[tuple[View, str]] = [("all", "")]
    stages: dict[str, View] = {"waiting": "waiting", "snoozed": "snoozed", "closed": "closed"}
    if case.stage in stages:
        views.append((stages[case.stage], ""))
    if case.keeper:
        views.append(("mine", case.keeper.id))
    return views
