"""``python -m eval.faults``: does anything run twice, unasked, or get lost, whatever fails?

Each run is a conversation of its own with one of the actions: a driver who says yes, taps twice, answers late, asks
something else, sends a message again, or writes to two workers at once, while tools time out, answers get lost and
processes die at any point between the yes and the record. Afterwards the books are compared: what the source systems
carried out, what drivers had said yes to, and what the ledger knows.

A dying process is an exception that nothing catches; what a real ``kill -9`` leaves in the files is tested in
tests/bot/tools/test_actions.py.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import click

from bot.adapters.conversations.memory import MemoryConversations
from bot.adapters.demo.accounts import DemoAccounts
from bot.adapters.demo.chargers import DemoChargers
from bot.adapters.demo.sessions import DemoSessions
from bot.adapters.demo.stations import DemoStations
from bot.adapters.demo.statuspages import DemoStatusPages
from bot.adapters.demo.world import DemoWorld
from bot.adapters.desk.sqlite import SqliteDesk
from bot.adapters.ledger.sqlite import SqliteLedger
from bot.adapters.ledger.watches import SqliteWatches
from bot.assembly import open_understander
from bot.conversation import Conversations
from bot.desk.photos import Photos
from bot.dialogue.engine import Dialogue
from bot.dialogue.flows import FLOWS
from bot.dialogue.routes import Routes
from bot.errors import ConversationConflict, Unavailable
from bot.events import Proposed
from bot.policy import Policy
from bot.ports import Knowledge
from bot.replies.catalogues import Templates
from bot.replies.composer import Composer
from bot.state import state_of
from bot.tools.actions import ORPHANED_AFTER, ActionRules, Actions
from bot.tools.ledger import Entry
from bot.tools.ports import Chargers, Sessions
from bot.tools.reads import Reads, Tools
from bot.tools.values import Charger, Outcome, Session, Ticket, TicketDraft, TicketKind
from bot.types import Choice, Context, Identity, Reply
from indexer.search import Index

T = TypeVar("T")
FAULT_CHANCE = 0.12
"""At each place where something can go wrong."""
MOST_STEPS = 9
PATIENCE_S = 0.02
"""Nobody here is slow; who has not recorded an outcome by then is dead."""
OPENINGS = {
    "restart": ("please restart charger 310244", "Starte bitte meine Wallbox 310244 neu"),
    "stop_session": ("stop my charging session", "Ladevorgang stoppen bitte"),
    "report": ("I want to report that the screen of station 4521 is broken", "Station 4521 melden, Display kaputt"),
    "data_export": ("I want a copy of my personal data", "Ich möchte eine Kopie meiner Daten"),
}
ASIDES = ("where do I find my invoice?", "hmm", "was kostet das?", "my account is 20917")
ANE = Context(identity=Identity(user="ane", accounts=("20917",)), vendor="wallbox", locale="en")
NEVER_TWICE = ("restart", "stop_session")
FILED = {TicketKind.FAULT: "report", TicketKind.DATA_EXPORT: "data_export"}


class Died(BaseException):
    """The process ends here."""


@dataclass
class Fate:
    """Lets things go wrong by chance, the same for the same seed."""

    chance: random.Random
    quiet: bool = False

    def strikes(self) -> bool:
        """Whether something goes wrong here."""
        return not self.quiet and self.chance.random() < FAULT_CHANCE

    def around(self, call: Callable[[], T]) -> T:
        """The call, with death before or after it."""
        if self.strikes():
            raise Died
        result = call()
        if self.strikes():
            raise Died
        return result

    def command(self, call: Callable[[], T]) -> T:
        """A command to another system: it may not arrive, its answer may be lost, the process may die around it."""
        if self.strikes():
            raise Unavailable("connection refused", sent=False)
        result = self.around(call)
        if self.strikes():
            raise Unavailable("the answer was lost")
        return result


@dataclass
class World:
    """What lasts when a process dies, and what the source systems have carried out."""

    fate: Fate
    knowledge: Knowledge
    folder: Path
    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    carried_out: list[tuple[str, str]] = field(default_factory=list)
    """Action and key of every command that reached a source system."""

    def __post_init__(self) -> None:
        self.store = MemoryConversations()
        self.demo = DemoWorld(self.folder / "world.db", lambda: self.now)
        self.desk = SqliteDesk(self.folder / "desk.db", _Clock(self), Photos(self.folder / "photos"))
        self.ledger = SqliteLedger(self.folder / "ledger.db")
        self.watches = SqliteWatches(self.folder / "ledger.db")

    def close(self) -> None:
        """Give back the files."""
        for each in (self.watches, self.ledger, self.desk, self.demo):
            each.close()


@dataclass(frozen=True)
class _Clock:
    world: World

    def now(self) -> datetime:
        return self.world.now


class _Chargers:
    def __init__(self, inner: Chargers, world: World) -> None:
        self._inner, self._world = inner, world

    def charger(self, charger: str) -> Charger:
        return self._inner.charger(charger)

    def role(self, charger: str, user: str) -> str | None:
        return self._inner.role(charger, user)

    def unlock(self, charger: str, key: str) -> Outcome:
        return self._inner.unlock(charger, key)

    def restart(self, charger: str, key: str) -> Outcome:
        def arrive() -> Outcome:
            self._world.carried_out.append(("restart", key))
            return self._inner.restart(charger, key)

        return self._world.fate.command(arrive)


class _Sessions:
    def __init__(self, inner: Sessions, world: World) -> None:
        self._inner, self._world = inner, world

    def active(self, account: str) -> Session | None:
        return self._inner.active(account)

    def stop(self, session: str, key: str) -> Outcome:
        def arrive() -> Outcome:
            self._world.carried_out.append(("stop_session", key))
            return self._inner.stop(session, key)

        return self._world.fate.command(arrive)


class _Desk:
    def __init__(self, inner: SqliteDesk, world: World) -> None:
        self._inner, self._world = inner, world

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def file(self, draft: TicketDraft, key: str) -> Ticket:
        def arrive() -> Ticket:
            ticket = self._inner.file(draft, key)
            self._world.carried_out.append((FILED.get(draft.kind, str(draft.kind)), f"{key} {ticket.id}"))
            return ticket

        return self._world.fate.command(arrive)


class _Ledger(SqliteLedger):
    """Processes die right after a claim, and right before and after a record."""

    def __init__(self, path: Path, fate: Fate) -> None:
        super().__init__(path)
        self._fate = fate

    def begin(self, entry: Entry, at: datetime, cooldown: timedelta) -> Any:
        return self._fate.around(lambda: super(_Ledger, self).begin(entry, at, cooldown))

    def finish(self, key: str, outcome: Outcome, at: datetime) -> None:
        self._fate.around(lambda: super(_Ledger, self).finish(key, outcome, at))


class Worker:
    """One process that serves; when it dies another one is opened over the same files."""

    shared: tuple[Any, ...] = ()
    """Understander, composer, policy: read-only, so they are opened once."""

    def __init__(self, world: World) -> None:
        clock = _Clock(world)
        desk: Any = _Desk(world.desk, world)
        tools = Tools(
            DemoAccounts(world.demo),
            DemoStatusPages(world.demo),
            DemoStations(world.demo),
            _Sessions(DemoSessions(world.demo), world),
            _Chargers(DemoChargers(world.demo), world),
            desk,
        )
        self.ledger = _Ledger(world.folder / "ledger.db", world.fate)
        self.actions = Actions(tools, self.ledger, ActionRules.load(), clock, PATIENCE_S)
        self.reads = Reads(tools, clock)
        understander, composer, policy = self.shared
        self.talks = Conversations(
            world.store, world.knowledge, understander, composer, policy, clock,
            Dialogue(FLOWS, Routes.load(), self.actions, world.watches), self.reads, "number",
        )  # fmt: skip

    def close(self) -> None:
        """Its threads and files."""
        self.reads.close()
        self.ledger.close()


@dataclass
class Run:
    """One conversation under faults."""

    world: World
    chance: random.Random
    wrong: list[str] = field(default_factory=list)
    agreed: set[str] = field(default_factory=set)
    """Proposals that the driver said yes to."""
    sent: int = 0

    def play(self, action: str) -> None:
        """Lead the conversation, let everything settle, compare the books."""
        self.worker = Worker(self.world)
        self.conversation = self.worker.talks.start(ANE)
        self._say(self.chance.choice(OPENINGS[action]))
        for _ in range(self.chance.randint(2, MOST_STEPS)):
            self.chance.choice((self._agree, self._agree, self._agree, self._twice, self._go_on, self._late))()
        self._settle()
        self._compare(action)
        self.worker.close()

    def _agree(self) -> None:
        """Yes to whatever is open, by a tap or in words."""
        waiting = state_of(self.world.store.events(self.conversation)).position.waiting
        if waiting is not None and waiting.kind == "confirmation":
            self.agreed.add(waiting.name)
            choice = Choice(kind="answer", value=f"yes:{waiting.name}") if self.chance.random() < 0.5 else None
            self._say("yes", choice)
        elif waiting is not None and waiting.kind == "option":
            value = "export" if "export" in waiting.options else waiting.options[0]
            self._say(value, Choice(kind="option", value=value))
        else:
            self._say("I don't have it")

    def _twice(self) -> None:
        """The same message to two workers at once, as after a lost answer or a double tap."""
        waiting = state_of(self.world.store.events(self.conversation)).position.waiting
        if waiting is None or waiting.kind != "confirmation":
            return
        self.agreed.add(waiting.name)
        choice = Choice(kind="answer", value=f"yes:{waiting.name}")
        self.sent += 1
        ids = (f"m{self.sent}", f"m{self.sent}" if self.chance.random() < 0.5 else f"m{self.sent}b")
        other = Worker(self.world)
        with ThreadPoolExecutor(2) as pool:
            workers = zip((self.worker, other), ids, strict=True)
            for result in [pool.submit(self._turn, worker, "yes", choice, each) for worker, each in workers]:
                result.result()
        other.close()

    def _go_on(self) -> None:
        self._say(self.chance.choice((*ASIDES, "no", "look again", "cancel")))

    def _late(self) -> None:
        self.world.now += timedelta(minutes=self.chance.choice((1, 4, 11)))

    def _say(self, text: str, choice: Choice | None = None) -> None:
        """Sent again with the same id until it is answered, as a client does."""
        self.sent += 1
        while self._turn(self.worker, text, choice, f"m{self.sent}") is None:
            self.world.now += timedelta(seconds=self.chance.choice((2, 90)))

    def _turn(self, worker: Worker, text: str, choice: Choice | None, client_id: str) -> Reply | None:
        try:
            return worker.talks.turn(self.conversation, text, client_id=client_id, choice=choice)
        except Died:
            if worker is self.worker:
                self.worker = Worker(self.world)
            return None
        except ConversationConflict:
            return None

    def _settle(self) -> None:
        """The world is well again, and whoever serves settles what was left."""
        self.world.fate.quiet = True
        self.world.now += 2 * ORPHANED_AFTER
        self.worker.actions.recover()

    def _compare(self, action: str) -> None:
        keys = Counter(self.world.carried_out)
        self.wrong += [f"{what} ran {count} times: {key}" for (what, key), count in keys.items() if count > 1
                       and what in NEVER_TWICE]  # fmt: skip
        proposed = {
            each.happening.proposal.id: each.happening.proposal.action
            for each in self.world.store.events(self.conversation)
            if isinstance(each.happening, Proposed)
        }
        for what, key in self.world.carried_out:
            proposal = key.split(" ")[0].partition(":")[2]
            if proposal not in self.agreed or proposed.get(proposal) != what:
                self.wrong.append(f"{what} ran unasked: {key}")
        tickets = {key.split(" ")[1] for what, key in self.world.carried_out if what not in NEVER_TWICE}
        filed = {key.split(" ")[0] for what, key in self.world.carried_out if what not in NEVER_TWICE}
        if len(tickets) != len(filed):
            self.wrong.append(f"{len(filed)} requests made {len(tickets)} tickets")
        if left := self.world.ledger.unfinished(self.world.now):
            self.wrong.append(f"{action} was begun and never settled: {[each.key for each in left]}")


def play(index: Index, runs: int, seed: int) -> Iterator[tuple[int, str, list[str]]]:
    """Each run's number, action and what was wrong with it."""
    policy = Policy.load()
    languages = tuple(index.languages)
    Worker.shared = (
        open_understander(languages, policy), Composer(Templates(languages), "Europe/Zurich"), policy,
    )  # fmt: skip
    for number in range(seed, seed + runs):
        chance = random.Random(number)
        with TemporaryDirectory() as folder:
            world = World(Fate(chance), _Fixed(index), Path(folder))
            action = chance.choice(sorted(OPENINGS))
            run = Run(world, chance)
            run.play(action)
            world.close()
            yield number, action, run.wrong


@dataclass(frozen=True)
class _Fixed:
    index: Index

    def current(self) -> Index:
        return self.index


@click.command()
@click.option("--runs", default=10_000, show_default=True)
@click.option("--seed", default=0, show_default=True, help="Number of the first run; the same numbers play the same.")
def main(runs: int, seed: int) -> None:
    """Play random conversations while everything may fail, and compare the books."""
    import logging

    from bot.settings import Settings
    from indexer.embedders import open_embedder
    from indexer.search import open_index

    logging.disable(logging.CRITICAL)
    settings = Settings.from_environ(os.environ)
    index = open_index(settings.index, open_embedder(settings.model, settings.prefixes))
    played: Counter[str] = Counter()
    failed = 0
    for number, action, wrong in play(index, runs, seed):
        played[action] += 1
        failed += bool(wrong)
        for each in wrong:
            click.echo(f"run {number}: {each}")
    click.echo(f"{sum(played.values())} runs ({dict(played)}): {failed} with something doubled, unasked or lost")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
