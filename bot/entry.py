"""From settings to who may come in: keys, limits, messengers that are connected, and agents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string

from bot.channels.clients import Clients
from bot.channels.door import Door
from bot.channels.limits import CountedLimits, RateLimits, RateRules
from bot.channels.messengers.config import read_channels
from bot.channels.messengers.courier import Courier
from bot.channels.messengers.exchange import Exchange
from bot.channels.messengers.reception import Reception
from bot.channels.messengers.replies import Replies
from bot.channels.messengers.rules import MessengerRules
from bot.conversation import Conversations
from bot.desk.photos import Photos
from bot.errors import SettingsError
from bot.keys import Keys
from bot.ports import Clock, ConversationStore, Knowledge, Notifier
from bot.replies.catalogues import Templates
from bot.settings import ClientSettings, OidcSettings, Settings, TranslatorSettings
from bot.sources import OnClose
from bot.tools.reads import Tools

if TYPE_CHECKING:
    from bot.panel.answers import Answers
    from bot.panel.cases.ports import Cases
    from bot.panel.cases.projector import Projector
    from bot.panel.cases.targets import Targets
    from bot.panel.figures.figures import Figures
    from bot.panel.gaps import GapFinder
    from bot.panel.knowledge.librarian import Librarian
    from bot.panel.oidc import Provider
    from bot.panel.panel import Panel
    from bot.panel.ports import PanelNews
    from bot.panel.sign_in import SignIn
    from bot.panel.translations import Translations
    from bot.staff import Staff

WAITS: Mapping[str, Mapping[str, float]] = {"redis": {"socket_timeout": 1.0, "socket_connect_timeout": 1.0}}
"""Seconds that a request waits for a server that counts, by scheme."""


@dataclass(frozen=True)
class Inside:
    """What those who come in are led to."""

    talks: Conversations
    templates: Templates
    photos: Photos
    notifier: Notifier


def open_clients(
    settings: ClientSettings,
    environ: Mapping[str, str],
    inside: Inside,
    on_close: OnClose,
) -> Clients:
    """Who may come in, how often, and which messengers are connected.

    Raises:
        SettingsError: when a file or what it names cannot be used.
        StoreError: when keys or outbox cannot be opened.
    """
    door = Door(open_keys(settings.keys, inside.talks.clock, on_close), settings.origins, open_limits(settings))
    return Clients(door, settings.proxies, open_exchange(settings, environ, inside, door, on_close))


def open_limits(settings: ClientSettings) -> RateLimits | None:
    """What counts requests; None where nobody is counted.

    Raises:
        SettingsError: when the file of limits or the storage cannot be used.
    """
    if settings.limits is None:
        return None
    return CountedLimits(RateRules.load(settings.limits), open_limits_store(settings.limits_store))


def open_limits_store(url: str) -> Storage:
    """Where requests are counted: ``memory``, by each process for itself, or a server that several share.

    Raises:
        SettingsError: when no storage has that scheme, or it does not answer.
    """
    if url == "memory":
        return MemoryStorage()
    scheme = url.partition(":")[0]
    remedy = "Use memory, or the URL of a server that answers, such as redis://host:6379/0"
    try:
        storage = storage_from_string(url, wrap_exceptions=True, **WAITS.get(scheme.removesuffix("s"), {}))
        answers = isinstance(storage, Storage) and storage.check()
    except (ConfigurationError, StorageError, ImportError, ValueError) as error:
        # The URL itself may hold a password.
        raise SettingsError(f"PLUGDESK_LIMITS_STORE cannot be used: {type(error).__name__}. {remedy}") from None
    if not answers or not isinstance(storage, Storage):
        raise SettingsError(f"PLUGDESK_LIMITS_STORE does not answer. {remedy}")
    return storage


def open_keys(url: str, clock: Clock, on_close: OnClose) -> Keys | None:
    """The API keys of a URL; None where it is ``off``.

    Raises:
        StoreError: when the file cannot be opened.
    """
    if url == "off":
        return None
    from bot.adapters.keys.sqlite import SqliteKeys

    keys = SqliteKeys(Path(url.removeprefix("sqlite:///")), clock)
    on_close(keys.close)
    return keys


def open_exchange(
    settings: ClientSettings, environ: Mapping[str, str], inside: Inside, door: Door, on_close: OnClose
) -> Exchange | None:
    """What serves the messengers of the file of channels; None where there is none.

    Raises:
        SettingsError: when the file, a secret or a vendor that it names cannot be used.
        StoreError: when inbox or outbox cannot be opened.
    """
    if settings.channels is None:
        return None
    from bot.adapters.messengers.inbox import SqliteInbox
    from bot.adapters.messengers.outbox import SqliteOutbox

    messengers = read_channels(settings.channels, environ, inside.templates)
    vendors = inside.talks.knowledge.current().vendors
    for messenger in messengers.values():
        if messenger.context.vendor not in (None, *vendors):
            known = ", ".join(sorted(vendors))
            message = f"{settings.channels}: channels.{messenger.name}.vendor is unknown. Use one of {known}."
            raise SettingsError(message)
    outbox = SqliteOutbox(settings.outbox)
    on_close(outbox.close)
    inbox = SqliteInbox(settings.outbox)
    on_close(inbox.close)
    replies = Replies(MessengerRules.load(), outbox, inside.talks, inside.talks.clock)
    return Exchange(
        Reception(messengers, inbox, inside.photos, replies),
        Courier(messengers, replies, inside.templates),
        inside.notifier,
        lambda sender: door.count("deliver", {"conversation": sender}),
    )


def open_sign_in(panel: Path, clock: Clock, demo: bool, on_close: OnClose) -> SignIn:
    """Who may sign in to the panel, from the file of its accounts; ``demo``: whether demo agents may.

    Raises:
        StoreError: when the file cannot be opened.
    """
    from bot.adapters.panel.sqlite import PanelFile, SqliteAgents, SqliteAuditLog, SqliteSessions
    from bot.panel.attempts import Attempts
    from bot.panel.passwords import Passwords
    from bot.panel.rules import SignInRules
    from bot.panel.sign_in import SignIn

    file, rules = PanelFile(panel), SignInRules.load()
    on_close(file.close)
    return SignIn(
        SqliteAgents(file),
        SqliteSessions(file),
        SqliteAuditLog(file),
        Passwords(rules.password, rules.argon2),
        Attempts(rules.attempts, MemoryStorage()),
        rules.session,
        clock,
        demo,
    )


def open_cases(settings: Settings, on_close: OnClose) -> Cases:
    """The cases of the inbox, in the panel's file; conversations that are gone with the process have theirs in memory.

    Raises:
        StoreError: when the file cannot be opened.
    """
    from bot.adapters.panel.cases import SqliteCases
    from bot.adapters.panel.sqlite import PanelFile
    from bot.adapters.sqlite import IN_MEMORY

    if settings.conversations == "memory:":
        file = PanelFile(IN_MEMORY)
        on_close(file.close)
        return SqliteCases(file)
    writer, readers = PanelFile(settings.panel), PanelFile(settings.panel)
    on_close(writer.close)
    on_close(readers.close)
    return SqliteCases(writer, readers)


def open_projector(
    settings: Settings, store: ConversationStore, cases: Cases, clock: Clock, news: PanelNews
) -> Projector:
    """What keeps the cases up to date with the conversations."""
    from bot.panel.cases.projector import Projector

    return Projector(store, cases, news, clock, settings.conversations)


def open_figures(
    settings: Settings, store: ConversationStore, targets: Targets, clock: Clock, on_close: OnClose
) -> Figures:
    """The figures for the lead, beside the cases: in the panel's file, or in memory where conversations are.

    Raises:
        StoreError: when the file cannot be opened.
    """
    from bot.adapters.panel.figures import SqliteRecords
    from bot.adapters.panel.sqlite import PanelFile
    from bot.adapters.sqlite import IN_MEMORY
    from bot.panel.figures.figures import Figures
    from bot.panel.figures.follower import Follower
    from bot.panel.figures.rules import FigureRules

    in_memory = settings.conversations == "memory:"
    writer = PanelFile(IN_MEMORY if in_memory else settings.panel)
    readers = writer if in_memory else PanelFile(settings.panel)
    on_close(writer.close)
    if readers is not writer:
        on_close(readers.close)
    records = SqliteRecords(writer, readers)
    follower = Follower(store, records, settings.conversations)
    return Figures(records, follower, FigureRules.load(), targets, clock, settings.timezone)


def open_gaps(settings: Settings, figures: Figures, knowledge: Knowledge) -> GapFinder:
    """What finds gaps of the knowledge base in what the figures count."""
    from bot.panel.gaps import GapFinder, GapRules
    from bot.panel.review import ReviewFile

    review = ReviewFile(settings.review)
    return GapFinder(figures.records, figures.follower, review, knowledge, figures.clock, GapRules.load())


def open_librarian(settings: Settings, knowledge: Knowledge, clock: Clock) -> Librarian:
    """What shows the lead the knowledge base."""
    from bot.adapters.panel.knowledge_files import LAST_CHECK, CheckFile, EvaluationFolder
    from bot.panel.knowledge.librarian import Librarian

    checks, evaluations = CheckFile(settings.index / LAST_CHECK), EvaluationFolder(settings.evaluation)
    return Librarian(settings.kb, knowledge, checks, evaluations, clock, settings.timezone)


def open_panel(settings: Settings, staff: Staff, photos: Photos, tools: Tools, demo: bool, on_close: OnClose) -> Panel:
    """The agents' panel; ``demo``: whether demo agents may sign in to it.

    Raises:
        SettingsError: when the file of presence rules cannot be used, or what answers are made with.
        StoreError: when the file of its accounts cannot be opened.
    """
    from bot.adapters.panel.presence import SqlitePresence
    from bot.adapters.panel.sqlite import PanelFile
    from bot.panel.accounts import Accounts
    from bot.panel.cases.targets import Targets
    from bot.panel.checks import Checks
    from bot.panel.doings import Doings
    from bot.panel.news import InProcessNews
    from bot.panel.panel import Panel
    from bot.panel.presence import Away, PresenceRules
    from bot.panel.review import ReviewFile
    from bot.panel.tickets import Tickets
    from bot.panel.web.pages import Pages

    talks, rules = staff.talks, PresenceRules.load(settings.presence)
    sign_in, news = open_sign_in(settings.panel, talks.clock, demo, on_close), InProcessNews()
    on_close(news.close)
    cases, file = open_cases(settings, on_close), PanelFile(settings.panel)
    on_close(file.close)
    presence, targets, checks = SqlitePresence(file), Targets.load(), Checks(talks)
    figures = open_figures(settings, talks.store, targets, talks.clock, on_close)
    return Panel(
        agents=sign_in.agents,
        sessions=sign_in.sessions,
        audit=sign_in.audit,
        sign_in=sign_in,
        accounts=Accounts(sign_in),
        news=news,
        pages=Pages(settings.timezone),
        conversations=talks,
        photos=photos,
        tools=tools,
        clock=talks.clock,
        cases=cases,
        projector=open_projector(settings, talks.store, cases, talks.clock, news),
        targets=targets,
        staff=staff,
        presence=presence,
        presence_rules=rules,
        away=Away(presence, cases, staff, talks.clock, rules),
        review=ReviewFile(settings.review),
        answers=open_answers(settings, staff, on_close),
        figures=figures,
        gaps=open_gaps(settings, figures, talks.knowledge),
        librarian=open_librarian(settings, talks.knowledge, talks.clock),
        checks=checks,
        doings=Doings(talks, checks),
        tickets=Tickets(staff),
        provider=open_provider(settings.oidc, talks.clock),
    )


def open_provider(settings: OidcSettings | None, clock: Clock) -> Provider | None:
    """The OpenID provider that agents may sign in with; it is asked only when somebody does.

    Raises:
        SettingsError: when one is set, and what is needed for it is not installed.
    """
    if settings is None:
        return None
    try:
        from bot.panel.oidc import Provider
    except ImportError as error:
        remedy = "Install it with: pip install 'plugdesk[oidc]', or unset PLUGDESK_OIDC_ISSUER."
        raise SettingsError(f"Signing in with OpenID needs the package {error.name}. {remedy}") from None
    return Provider(settings, clock)


def open_answers(settings: Settings, staff: Staff, on_close: OnClose) -> Answers:
    """What agents answer with.

    Raises:
        SettingsError: when the URL of the translation service has another form.
    """
    from bot.panel.answers import Answers
    from bot.panel.canned import CannedReplies
    from bot.panel.suggestions import Suggester
    from bot.panel.suggestions.offers import Offers
    from bot.panel.suggestions.suggest import SuggestionRules

    canned = CannedReplies.load()
    suggester = Suggester(staff.talks, staff.templates, SuggestionRules.load(), canned)
    return Answers(staff, suggester, canned, Offers(), open_translations(settings.translator, on_close))


def open_translations(settings: TranslatorSettings, on_close: OnClose) -> Translations | None:
    """The translation service; None where it is ``off``.

    Raises:
        SettingsError: when its URL has another form.
    """
    if settings.url == "off":
        return None
    from bot.adapters.panel.libretranslate import LibreTranslate
    from bot.panel.translations import Translations

    service = LibreTranslate(settings.url, settings.key)
    on_close(service.close)
    return Translations(service)
