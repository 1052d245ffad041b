"""Conversations for tests, with everything around them but the store and the index real and in memory."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

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
from bot.assembly import Services
from bot.conversation import Conversations
from bot.desk.photos import Photos
from bot.dialogue.engine import Dialogue
from bot.dialogue.flows import FLOWS
from bot.dialogue.routes import Routes
from bot.identity import TokenReader
from bot.notifier import AnnouncedConversations, InProcessNotifier
from bot.policy import Policy
from bot.ports import ConversationStore, Knowledge
from bot.replies.catalogues import Templates
from bot.replies.composer import Composer
from bot.replies.transcript import Transcripts
from bot.tools.actions import ActionRules, Actions
from bot.tools.reads import Reads, Tools
from bot.tools.watches import Watches
from bot.understanding.commands import Commands
from bot.understanding.language import LanguageGuesser
from bot.understanding.problems import ProblemSplitter
from bot.understanding.safety import SafetyLane
from bot.understanding.slots import SlotFinder
from bot.understanding.understand import Understander
from bot.watching import Watcher
from indexer.knowledge import DRIVER_LANGUAGES
from tests.doubles import SteppingClock

TIMEZONE = "Europe/Zurich"
PHOTOS = Path(gettempdir()) / "plugdesk-photos-of-tests"
"""Made at the first photo."""


@cache
def readers() -> tuple[SlotFinder, Commands, SafetyLane, ProblemSplitter]:
    """What reads messages; loaded once."""
    return SlotFinder.load(), Commands.load(), SafetyLane.load(), ProblemSplitter.load()


@cache
def all_templates() -> Templates:
    """In all languages; loaded once."""
    return Templates(DRIVER_LANGUAGES)


def demo_tools(clock: SteppingClock, world_file: Path = IN_MEMORY) -> Tools:
    """The demo world and a desk in memory."""
    world = DemoWorld(world_file, clock.now)
    desk = SqliteDesk(IN_MEMORY, clock, Photos(PHOTOS))
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
    clock: SteppingClock | None = None,
    watches: Watches | None = None,
) -> Conversations:
    """Conversations over that store and index."""
    clock, policy = clock or SteppingClock(), Policy.load()
    world = tools or demo_tools(clock)
    actions = Actions(world, SqliteLedger(IN_MEMORY), ActionRules.load(), clock)
    return Conversations(
        store,
        knowledge,
        Understander(guesser, policy, *readers()),
        Composer(templates, TIMEZONE),
        policy,
        clock,
        Dialogue(FLOWS, Routes.load(), actions, watches or SqliteWatches(IN_MEMORY)),
        Reads(world, clock),
        "number",
    )


def services_of(talks: Conversations, tokens: TokenReader | None = None) -> Services:
    """What the channels need, over those conversations."""
    notifier, opened = InProcessNotifier(), ExitStack()
    # What a test says in its own conversations is what another process says: only the store tells of it.
    talks = replace(talks, store=AnnouncedConversations(talks.store, notifier))
    opened.callback(talks.store.close)
    dialogue = talks.dialogue
    watcher = Watcher(talks, talks.reads.tools, dialogue.watches, dialogue.actions, talks.clock)
    knowledge: Any = talks.knowledge
    transcripts = Transcripts(all_templates(), TIMEZONE)
    return Services(talks, knowledge, watcher, Photos(PHOTOS), tokens, (), notifier, transcripts, None, opened)
