"""The only module that chooses backends: from settings to services that work."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.clients import Clients
from bot.conversation import Conversations
from bot.desk.photos import Photos
from bot.dialogue.engine import Dialogue
from bot.dialogue.flows import FLOWS
from bot.dialogue.routes import Routes
from bot.entry import Inside, open_clients, open_panel
from bot.errors import SettingsError
from bot.identity import EitherToken, TokenReader, Tokens
from bot.live import LiveIndex
from bot.notifier import AnnouncedConversations, InProcessNotifier
from bot.policy import Policy
from bot.ports import Clock, ConversationStore, Demo, Notifier
from bot.replies.catalogues import Templates
from bot.replies.composer import Composer
from bot.replies.transcript import Transcripts
from bot.settings import Settings
from bot.sources import OcpiLink, OnClose, Sources
from bot.staff import Staff
from bot.tools.actions import ActionRules, Actions
from bot.tools.ports import Desk
from bot.tools.reads import Reads, Tools
from bot.tools.values import Ticket
from bot.understanding.alone import Alone
from bot.understanding.commands import Commands
from bot.understanding.language import LanguageGuesser
from bot.understanding.problems import ProblemSplitter
from bot.understanding.safety import SafetyLane
from bot.understanding.slots import SlotFinder
from bot.understanding.understand import Understander
from bot.watching import Watcher
from indexer.embedders import open_embedder

if TYPE_CHECKING:
    from bot.adapters.demo.page import DemoPage
    from bot.panel.panel import Panel

log = logging.getLogger(__name__)
DEMO = "demo:///"
LEEWAY_S = 10
"""Clocks of two machines differ by so many seconds at most."""


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
    photos: Photos
    tokens: Tokens | None
    """None: this server takes no tokens."""
    ocpi: tuple[OcpiLink, ...]
    """Parties that post results of commands here."""
    notifier: Notifier
    transcripts: Transcripts
    demo: Demo | None
    """None: there is no demo world that may be changed over HTTP."""
    opened: ExitStack
    """What is to be closed, in the order of opening."""
    clients: Clients = field(default_factory=Clients)
    """Who may come in, and how often."""
    panel: Panel | None = None
    """None: nobody answers here but the bot."""

    def hang_up(self) -> None:
        """Let every stream end: of its own it never would."""
        self.notifier.close()
        if self.panel is not None:
            self.panel.news.close()

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


def open_knowledge(settings: Settings) -> LiveIndex:
    """The index of the settings, with its model.

    Raises:
        IndexUnusable: when there is none, or none that fits the model; the message says which command helps.
    """
    return LiveIndex(settings.index, open_embedder(settings.model, settings.prefixes))


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


def open_services(settings: Settings, environ: Mapping[str, str] = os.environ) -> Services:
    """Open the model, the index, the store and the source systems. ``environ`` holds the secrets that files name.

    Raises:
        PlugdeskError: each kind says what is wrong and which command helps.
    """
    from bot.adapters.ledger.sqlite import SqliteLedger
    from bot.adapters.ledger.watches import SqliteWatches

    clock, policy, notifier = SystemClock(), Policy.load(), InProcessNotifier()
    knowledge = open_knowledge(settings)
    languages = tuple(knowledge.current().languages)
    with ExitStack() as opening:
        store = AnnouncedConversations(open_store(settings.conversations), notifier)
        opening.callback(store.close)
        sources = Sources(settings, clock, opening.callback, environ)
        tools = open_tools(settings, sources, clock, opening.callback)
        ledger, watches = SqliteLedger(settings.ledger), SqliteWatches(settings.ledger)
        opening.callback(ledger.close)
        opening.callback(watches.close)
        understander = Alone(open_understander(languages, policy))
        opening.callback(understander.close)
        reads = Reads(tools, clock)
        opening.callback(reads.close)
        actions = Actions(tools, ledger, ActionRules.load(), clock)
        templates = Templates(languages)
        conversations = Conversations(
            store,
            knowledge,
            understander,
            Composer(templates, settings.timezone),
            policy,
            clock,
            Dialogue(FLOWS, Routes.load(), actions, watches),
            reads,
            settings.account_access,
        )
        watcher = Watcher(conversations, tools, watches, actions, clock)
        photos = Photos(settings.photos)
        demo, tokens = open_demo(settings, opening.callback), open_tokens(settings)
        if demo is not None:
            tokens = EitherToken(tokens, demo.tokens) if tokens else demo.tokens
        inside = Inside(conversations, templates, photos, notifier)
        clients = open_clients(settings.clients, environ, inside, opening.callback)
        staff = Staff(conversations, templates, notifier)
        panel = open_panel(settings, staff, photos, tools, demo is not None, opening.callback)
        return Services(
            conversations, knowledge, watcher, photos, tokens, tuple(sources.ocpi), notifier,
            Transcripts(templates, settings.timezone), demo, opening.pop_all(), clients, panel,
        )  # fmt: skip


def open_demo(settings: Settings, on_close: OnClose) -> DemoPage | None:
    """What the demo page may do: nothing, unless the settings say so and all source systems are one demo world."""
    urls = set(settings.tools.values())
    if not settings.demo:
        return None
    if len(urls) > 1 or not all(url.startswith(DEMO) for url in urls):
        log.warning("PLUGDESK_DEMO is on, but the source systems are no demo world: nothing of it is offered.")
        return None
    from bot.adapters.demo.page import DemoPage

    page = DemoPage(Path(urls.pop().removeprefix(DEMO)))
    on_close(page.close)
    return page


def open_tokens(settings: Settings) -> Tokens | None:
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


def open_tools(settings: Settings, sources: Sources, clock: Clock, on_close: OnClose) -> Tools:
    """The source systems and the desk of the settings.

    Raises:
        SettingsError: when one of them cannot be opened.
    """
    return Tools(
        accounts=sources.accounts(),
        status=sources.status(),
        stations=sources.stations(),
        sessions=sources.sessions(),
        chargers=sources.chargers(),
        desk=open_desk(settings, clock, on_close, sources.seed()),
    )
