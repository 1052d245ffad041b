"""Dialogues that are played with the whole product, each in a demo world of its own that may change meanwhile."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from pydantic import BaseModel, ConfigDict, model_validator

from bot.adapters.conversations.memory import MemoryConversations
from bot.adapters.demo.accounts import DemoAccounts
from bot.adapters.demo.chargers import DemoChargers
from bot.adapters.demo.commands import world as world_command
from bot.adapters.demo.sessions import DemoSessions
from bot.adapters.demo.stations import DemoStations
from bot.adapters.demo.statuspages import DemoStatusPages
from bot.adapters.demo.world import DemoWorld
from bot.adapters.desk.sqlite import SqliteDesk
from bot.adapters.ledger.sqlite import SqliteLedger
from bot.adapters.ledger.watches import SqliteWatches
from bot.adapters.sqlite import IN_MEMORY
from bot.conversation import Conversations
from bot.desk.photos import Photos
from bot.events import BotSaid, Event
from bot.state import ConversationState, state_of
from bot.tools.actions import ActionRules, Actions
from bot.tools.reads import Reads, Tools
from bot.tools.values import ReportState
from bot.types import Attached, Choice, Context, Identity, Reply
from bot.watching import Watcher

WORKING_DAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""A Tuesday morning, while people answer."""


class Written(BaseModel):
    """Part of a dialogue as it stands in a file; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Given(Written):
    """What the client says when the conversation begins."""

    language: str = "en"
    locale: str | None = None
    vendor: str | None = None
    country: str | None = "CH"
    user: str | None = None
    accounts: tuple[str, ...] = ()
    timezone: str | None = None

    def context(self) -> Context:
        """The context of the conversation."""
        identity = Identity(user=self.user, accounts=self.accounts) if self.user else None
        locale = self.locale or self.language
        return Context(
            locale=locale, vendor=self.vendor, country=self.country, identity=identity, timezone=self.timezone
        )


class Deed(Written):
    """What the driver does, or what happens meanwhile; exactly one of the first six."""

    driver: str | None = None
    tap: str | None = None
    """A button of the last reply, by what it stands for: ``yes``, ``again``, a topic."""
    world: str | None = None
    """A ``plugdesk world`` command."""
    desk: str | None = None
    """A ticket and its new state."""
    later: float | None = None
    """Minutes that pass."""
    unasked: bool | None = None
    """Whatever is watched is looked at; whether the bot then speaks up."""

    position: tuple[float, float] | None = None
    photos: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_deed(self) -> Deed:
        deeds = [self.driver, self.tap, self.world, self.desk, self.later, self.unasked]
        if sum(each is not None for each in deeds) != 1:
            raise ValueError("A step is exactly one of driver, tap, world, desk, later, unasked.")
        return self


class CannotPlay(Exception):
    """A deed of a dialogue is not possible: a button that is not there, a command that the world refuses."""


class SteppingClock:
    """Moves on by a second each time it is asked."""

    def __init__(self, begins: datetime = WORKING_DAY) -> None:
        self._now = begins

    def now(self) -> datetime:
        """The present moment, UTC."""
        self._now += timedelta(seconds=1)
        return self._now

    def pass_by(self, time: timedelta) -> None:
        """Let time pass."""
        self._now += time


@dataclass(frozen=True)
class Stage:
    """The product over a demo world in a file, with everything that a dialogue may move."""

    talks: Conversations
    tools: Tools
    clock: SteppingClock
    world_file: Path
    desk: SqliteDesk
    watcher: Watcher


@contextmanager
def staged(talks: Conversations, begins: datetime = WORKING_DAY) -> Iterator[Stage]:
    """The same product, but over a new demo world, desk and store; what is slow to open is shared."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory(prefix="plugdesk-dialogue-")))
        clock, world_file, store = SteppingClock(begins), folder / "world.db", MemoryConversations()
        world = DemoWorld(world_file, clock.now)
        desk = SqliteDesk(IN_MEMORY, clock, Photos(folder / "photos"))
        desk.seed(world.seed_tickets())
        ledger, watches = SqliteLedger(IN_MEMORY), SqliteWatches(IN_MEMORY)
        tools = Tools(
            DemoAccounts(world), DemoStatusPages(world), DemoStations(world), DemoSessions(world),
            DemoChargers(world), desk,
        )  # fmt: skip
        reads, actions = Reads(tools, clock), Actions(tools, ledger, ActionRules.load(), clock)
        for each in (store, world, desk, ledger, watches, reads):
            opened.callback(each.close)
        dialogue = replace(talks.dialogue, actions=actions, watches=watches)
        alone = replace(talks, store=store, clock=clock, dialogue=dialogue, reads=reads)
        yield Stage(alone, tools, clock, world_file, desk, Watcher(alone, tools, watches, actions, clock))


@dataclass(frozen=True)
class Happened:
    """What came of a deed: what was said by the driver, the new events, and the replies among them."""

    said: str
    choice: Choice | None
    events: tuple[Event, ...]

    @property
    def replies(self) -> tuple[Reply, ...]:
        """Everything that the bot said."""
        return tuple(each.happening.reply for each in self.events if isinstance(each.happening, BotSaid))


class Dialogue:
    """A conversation on a stage."""

    def __init__(self, stage: Stage, given: Given) -> None:
        self.stage = stage
        self._conversation = stage.talks.start(given.context())

    @property
    def events(self) -> list[Event]:
        """Everything that has happened."""
        return self.stage.talks.events(self._conversation)

    @property
    def state(self) -> ConversationState:
        """Where the conversation stands."""
        return state_of(self.events)

    def do(self, deed: Deed) -> Happened:
        """Let it happen.

        Raises:
            CannotPlay: when the button is not there, or the world or the desk refuses.
        """
        before = len(self.events)
        said, choice = "", None
        if deed.world is not None:
            self._change_world(deed.world)
        elif deed.desk is not None:
            ticket, state = deed.desk.split()
            self.stage.desk.set_state(ticket, ReportState(state))
        elif deed.later is not None:
            self.stage.clock.pass_by(timedelta(minutes=deed.later))
        elif deed.unasked is not None:
            self.stage.watcher.tick()
        else:
            said, choice = (deed.driver, None) if deed.driver is not None else self._button(deed.tap or "")
            attached = Attached(photos=deed.photos, position=deed.position)
            self.stage.talks.turn(self._conversation, said, choice=choice, attached=attached)
        return Happened(said, choice, tuple(self.events[before:]))

    def _change_world(self, command: str) -> None:
        try:
            with redirect_stdout(StringIO()):
                world_command.main(shlex.split(command), obj=self.stage.world_file, standalone_mode=False)
        except click.ClickException as error:
            raise CannotPlay(f"the world said: {error.format_message()}") from error

    def _button(self, wanted: str) -> tuple[str, Choice]:
        offered = self.state.offered
        for button in offered:
            if wanted in (button.choice.value, button.choice.value.partition(":")[0]):
                return button.label, button.choice
        names = ", ".join(f"{each.choice.value} ({each.label})" for each in offered)
        raise CannotPlay(f"there is no button {wanted}; offered: {names}")


def played(talks: Conversations, given: Given, deeds: Sequence[Deed]) -> Iterator[tuple[Dialogue, Deed, Happened]]:
    """Play a whole dialogue in a world of its own.

    Raises:
        CannotPlay: see :meth:`Dialogue.do`.
    """
    with staged(talks) as stage:
        dialogue = Dialogue(stage, given)
        for deed in deeds:
            yield dialogue, deed, dialogue.do(deed)
