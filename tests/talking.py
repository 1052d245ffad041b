"""Conversations for tests, with everything around them but the store and the index real and in memory."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache

from bot.adapters.demo.accounts import DemoAccounts
from bot.adapters.demo.chargers import DemoChargers
from bot.adapters.demo.sessions import DemoSessions
from bot.adapters.demo.stations import DemoStations
from bot.adapters.demo.statuspages import DemoStatusPages
from bot.adapters.demo.world import DemoWorld
from bot.adapters.desk.sqlite import SqliteDesk
from bot.adapters.ledger.sqlite import SqliteLedger
from bot.adapters.ledger.watches import SqliteWatches
from bot.adapters.sqlite import IN_MEMORY
from bot.conversation import Conversations
from bot.dialogue.engine import Dialogue
from bot.dialogue.flows import FLOWS
from bot.dialogue.routes import Routes
from bot.policy import Policy
from bot.ports import ConversationStore, Knowledge
from bot.replies.catalogues import Templates
from bot.replies.composer import Composer
from bot.tools.actions import ActionRules, Actions
from bot.tools.reads import Reads, Tools
from bot.understanding.commands import Commands
from bot.understanding.language import LanguageGuesser
from bot.understanding.problems import ProblemSplitter
from bot.understanding.safety import SafetyLane
from bot.understanding.slots import SlotFinder
from bot.understanding.understand import Understander
from tests.doubles import SteppingClock

TIMEZONE = "Europe/Zurich"


@cache
def readers() -> tuple[SlotFinder, Commands, SafetyLane, ProblemSplitter]:
    """What reads messages; loaded once."""
    return SlotFinder.load(), Commands.load(), SafetyLane.load(), ProblemSplitter.load()


def demo_tools(clock: SteppingClock) -> Tools:
    """The demo world and a desk, in memory."""
    world = DemoWorld(IN_MEMORY, clock.now)
    desk = SqliteDesk(IN_MEMORY, clock)
    desk.seed(world.seed_tickets())
    return Tools(
        DemoAccounts(world), DemoStatusPages(world), DemoStations(world), DemoSessions(world), DemoChargers(world), desk
    )


def conversations(
    store: ConversationStore,
    knowledge: Knowledge,
    guesser: LanguageGuesser,
    templates: Templates,
    tools: Tools | None = None,
) -> Conversations:
    """Conversations over that store and index."""
    clock, policy = SteppingClock(), Policy.load()
    world = tools or demo_tools(clock)
    actions = Actions(world, SqliteLedger(IN_MEMORY), ActionRules.load(), clock)
    return Conversations(
        store,
        knowledge,
        Understander(guesser, policy, *readers()),
        Composer(templates, TIMEZONE),
        policy,
        clock,
        Dialogue(FLOWS, Routes.load(), actions, SqliteWatches(IN_MEMORY)),
        Reads(world, clock),
        "number",
    )


def closing(store: ConversationStore) -> ExitStack:
    """What closes the store when the services are closed."""
    opened = ExitStack()
    opened.callback(store.close)
    return opened
