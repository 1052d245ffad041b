"""The only module that chooses backends: from settings to services that work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.demo.world import DemoWorld
from bot.conversation import Conversations
from bot.dialogue.engine import Dialogue
from bot.dialogue.flows import FLOWS
from bot.dialogue.routes import Routes
from bot.errors import SettingsError
from bot.identity import TokenReader
from bot.live import LiveIndex
from bot.policy import Policy
from bot.ports import Clock, ConversationStore
from bot.replies.catalogues import Templates
from bot.replies.composer import Composer
from bot.settings import Settings
from bot.tools.actions import ActionRules, Actions
from bot.tools.ports import Desk
from bot.tools.reads import Reads, Tools
from bot.tools.values import Ticket
from bot.understanding.commands import Commands
from bot.understanding.language import LanguageGuesser
from bot.understanding.problems import ProblemSplitter
from bot.understanding.safety import SafetyLane
from bot.understanding.slots import SlotFinder
from bot.understanding.understand import Understander
from bot.watching import Watcher
from indexer.embedders import open_embedder

LEEWAY_S = 10
"""Clocks of two machines differ by so many seconds at most."""
OnClose = Callable[[Callable[[], None]], object]


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """Everything that the channels need, opened."""

    conversations: Conversations
    knowledge: LiveIndex
    watcher: Watcher
    tokens: TokenReader | None
    """None: this server takes no tokens."""
    opened: ExitStack
    """What is to be closed, in the order of opening."""

    def close(self) -> None:
        """Give back what was opened."""
        self.opened.close()


def open_store(url: str) -> ConversationStore:
    """The conversation store of a URL.

    Raises:
        SettingsError: when no backend has that scheme.
        StoreError: when the backend cannot be opened.
    """
    if url == "memory:":
        from bot.adapters.conversations.memory import MemoryConversations

        return MemoryConversations()
    if url.startswith("sqlite:///"):
        from bot.adapters.conversations.sqlite import SqliteConversations

        return SqliteConversations(Path(url.removeprefix("sqlite:///")))
    raise SettingsError(f"PLUGDESK_CONVERSATIONS is {url!r}. Use sqlite:///path/to/file.db or memory:")


def open_understander(languages: tuple[str, ...], policy: Policy) -> Understander:
    """Everything that reads messages."""
    return Understander(
        LanguageGuesser(languages),
        policy,
        SlotFinder.load(),
        Commands.load(),
        SafetyLane.load(),
        ProblemSplitter.load(),
    )


def open_services(settings: Settings) -> Services:
    """Open the model, the index, the store and the source systems.

    Raises:
        PlugdeskError: each kind says what is wrong and which command helps.
    """
    from bot.adapters.ledger.sqlite import SqliteLedger
    from bot.adapters.ledger.watches import SqliteWatches

    clock, policy = SystemClock(), Policy.load()
    knowledge = LiveIndex(settings.index, open_embedder(settings.model, settings.prefixes))
    languages = tuple(knowledge.current().languages)
    with ExitStack() as opening:
        store = open_store(settings.conversations)
        opening.callback(store.close)
        tools = open_tools(settings, clock, opening.callback)
        ledger, watches = SqliteLedger(settings.ledger), SqliteWatches(settings.ledger)
        opening.callback(ledger.close)
        opening.callback(watches.close)
        reads = Reads(tools, clock)
        opening.callback(reads.close)
        actions = Actions(tools, ledger, ActionRules.load(), clock)
        conversations = Conversations(
            store,
            knowledge,
            open_understander(languages, policy),
            Composer(Templates(languages), settings.timezone),
            policy,
            clock,
            Dialogue(FLOWS, Routes.load(), actions, watches),
            reads,
            settings.account_access,
        )
        watcher = Watcher(conversations, tools, watches, actions, clock)
        return Services(conversations, knowledge, watcher, open_tokens(settings), opening.pop_all())


def open_tokens(settings: Settings) -> TokenReader | None:
    """What verifies the host app's tokens.

    Raises:
        SettingsError: when the key does not fit its algorithm.
    """
    given = settings.identity
    return TokenReader(given.key, (given.algorithm,), given.audience, given.issuer, LEEWAY_S) if given else None


def open_desk(settings: Settings, clock: Clock, on_close: OnClose, seed: Iterable[Ticket] = ()) -> Desk:
    """The help desk of the settings; a desk of Plugdesk's own has the tickets of ``seed``.

    Raises:
        SettingsError: when no backend has the URL's scheme, or the credentials are not right.
        StoreError: when its file cannot be opened.
    """
    from bot.adapters.desk.rt import RequestTracker
    from bot.adapters.desk.rt_connection import SCHEMES, RtConnection
    from bot.adapters.desk.sqlite import SqliteDesk
    from bot.desk.photos import Photos

    photos, url = Photos(settings.photos), settings.desk
    if url.startswith("sqlite:///"):
        desk = SqliteDesk(Path(url.removeprefix("sqlite:///")), clock, photos)
        on_close(desk.close)
        desk.seed(seed)
        return desk
    if url.partition(":")[0] in SCHEMES:
        rt = settings.rt
        tracker = RequestTracker(RtConnection.of(url, rt.queue, rt.token, rt.user, rt.password), photos)
        on_close(tracker.close)
        return tracker
    raise SettingsError("PLUGDESK_DESK is no help desk. Use sqlite:///path/to/desk.db or rt+https://host/path")


def open_tools(settings: Settings, clock: Clock, on_close: OnClose) -> Tools:
    """The source systems of the settings.

    Raises:
        SettingsError: when no backend has a URL's scheme.
    """
    from bot.adapters.demo.accounts import DemoAccounts
    from bot.adapters.demo.chargers import DemoChargers
    from bot.adapters.demo.sessions import DemoSessions
    from bot.adapters.demo.stations import DemoStations
    from bot.adapters.demo.statuspages import DemoStatusPages

    worlds: dict[str, DemoWorld] = {}

    def world(tool: str) -> DemoWorld:
        url = settings.tools[tool]
        if not url.startswith("demo:///"):
            raise SettingsError(f"PLUGDESK_{tool.upper()} is {url!r}. Use demo:///path/to/world.db")
        if url not in worlds:
            worlds[url] = DemoWorld(Path(url.removeprefix("demo:///")), clock.now)
            on_close(worlds[url].close)
        return worlds[url]

    return Tools(
        accounts=DemoAccounts(world("accounts")),
        status=DemoStatusPages(world("status")),
        stations=DemoStations(world("stations")),
        sessions=DemoSessions(world("sessions")),
        chargers=DemoChargers(world("chargers")),
        desk=open_desk(settings, clock, on_close, world("stations").seed_tickets()),
    )
