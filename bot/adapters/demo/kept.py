"""How the demo world is opened, filled, asked and looked at."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.adapters.demo import states
from bot.adapters.demo.errors import unknown
from bot.adapters.demo.seed import Rules, Seed
from bot.adapters.demo.store import KINDS, Things
from bot.adapters.demo.things import Command, DemoCharger, Tool, Trouble
from bot.adapters.demo.trouble import troubled
from bot.tools.values import Outcome, Session, SessionStatus, Station, Ticket, WorldValue

Thing = TypeVar("Thing", bound=WorldValue)
Answer = TypeVar("Answer")


def _system_now() -> datetime:
    return datetime.now(UTC)


class KeptWorld:
    """The demo world as it is kept in its file. Its changes stand in :class:`bot.adapters.demo.world.DemoWorld`.

    Args:
        path: the SQLite file; it is made and filled where there is none.
        now: the clock by which restarts come to an end.
        restart_takes: how long a restart takes; None for what rules.yaml says.
        sleep: what slow systems wait with.
    """

    def __init__(
        self,
        path: Path,
        now: Callable[[], datetime] = _system_now,
        restart_takes: timedelta | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.now, self._sleep, self.rules = now, sleep, Rules.load()
        self.restart_takes = timedelta(seconds=self.rules.restart_takes_s) if restart_takes is None else restart_takes
        self.things = Things(path)
        with self.things.transaction():
            if self.things.empty:
                self._fill()

    def close(self) -> None:
        """Let go of the file."""
        self.things.close()

    def reset(self) -> None:
        """Back to the beginning; troubles end, and keys of commands are forgotten."""
        with self.things.transaction():
            self.things.clear()
            self._fill()

    def answer(self, tool: Tool, ask: Callable[[], Answer]) -> Answer:
        """What the source system says to ``ask``; its trouble, if it has any, comes in between."""
        trouble = self.things.find(Trouble, tool)
        return troubled(trouble, ask, self._sleep) if trouble else ask()

    def once(self, key: str, carry_out: Callable[[], Outcome]) -> Outcome:
        """Carry out a command, all of it or nothing; the same key again only returns its outcome."""
        with self.things.transaction():
            if known := self.things.find(Command, key):
                return known.outcome
            outcome = carry_out()
            self.things.put(Command(key=key, outcome=outcome))
            return outcome

    def known(self, kind: type[Thing], key: str) -> Thing:
        """The thing of that kind and key.

        Raises:
            WorldError: when there is none; it names those that there are.
        """
        found = self.things.find(kind, key)
        if found is None:
            word, field = KINDS[kind]
            raise unknown(word, key, (getattr(each, field) for each in self.things.every(kind)))
        return found

    def running(self) -> list[Session]:
        """The sessions that run."""
        return [each for each in self.things.every(Session) if each.status is SessionStatus.ACTIVE]

    def seed_tickets(self) -> list[Ticket]:
        """The reports of this world as they stand now."""
        return self.things.every(Ticket)

    def snapshot(self) -> dict[str, list[dict[str, Any]]]:
        """Everything there is, by kind, as it is read now."""
        now = self.now()
        found: dict[str, list[WorldValue]] = {word: list(self.things.every(kind)) for kind, (word, _) in KINDS.items()}
        found[KINDS[Station][0]] = [states.heard(each, now) for each in self.things.every(Station)]
        found[KINDS[DemoCharger][0]] = [states.seen(each, now) for each in self.things.every(DemoCharger)]
        return {
            word: [each.model_dump(mode="json", exclude_none=True) for each in all_] for word, all_ in found.items()
        }

    def _fill(self) -> None:
        for thing in Seed.load(self.now()).things():
            self.things.put(thing)
