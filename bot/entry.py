"""From settings to who may come in: keys, limits, messengers that are connected by webhooks, and agents."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from limits.storage import MemoryStorage

from bot.channels.clients import Clients
from bot.channels.door import Door
from bot.channels.hooks.config import HookRules, read_channels
from bot.channels.hooks.courier import Courier
from bot.channels.hooks.service import Hooks
from bot.channels.limits import CountedLimits, RateRules
from bot.conversation import Conversations
from bot.desk.photos import Photos
from bot.errors import SettingsError
from bot.keys import Keys
from bot.ports import Clock, ConversationStore
from bot.replies.catalogues import Templates
from bot.settings import ClientSettings, Settings, TranslatorSettings
from bot.sources import OnClose
from bot.tools.reads import Tools

if TYPE_CHECKING:
    from bot.panel.answers import Answers
    from bot.panel.cases.ports import Cases
    from bot.panel.cases.projector import Projector
    from bot.panel.panel import Panel
    from bot.panel.ports import PanelNews
    from bot.panel.sign_in import SignIn
    from bot.panel.translations import Translations
    from bot.staff import Staff


def open_clients(
    settings: ClientSettings,
    environ: Mapping[str, str],
    talks: Conversations,
    templates: Templates,
    on_close: OnClose,
) -> Clients:
    """Who may come in, how often, and which messengers are connected.

    Raises:
        SettingsError: when a file or what it names cannot be used.
        StoreError: when keys or outbox cannot be opened.
    """
    limits = None if settings.limits is None else CountedLimits(RateRules.load(settings.limits), MemoryStorage())
    return Clients(
        Door(open_keys(settings.keys, talks.clock, on_close), settings.origins, limits),
        settings.proxies,
        open_courier(settings, environ, talks, templates, on_close),
    )


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


def open_courier(
    settings: ClientSettings,
    environ: Mapping[str, str],
    talks: Conversations,
    templates: Templates,
    on_close: OnClose,
) -> Courier | None:
    """What serves the messengers of the file of channels; None where there is none.

    Raises:
        SettingsError: when the file, a secret or a vendor that it names cannot be used.
        StoreError: when the outbox cannot be opened.
    """
    if settings.channels is None:
        return None
    from bot.adapters.hooks.sqlite import SqliteOutbox

    channels = read_channels(settings.channels, environ)
    vendors = talks.knowledge.current().vendors
    for channel in channels.values():
        if channel.context.vendor not in (None, *vendors):
            known = ", ".join(sorted(vendors))
            message = f"{settings.channels}: channels.{channel.name}.vendor is unknown. Use one of {known}."
            raise SettingsError(message)
    outbox = SqliteOutbox(settings.outbox)
    on_close(outbox.close)
    return Courier(Hooks(channels, HookRules.load(), outbox, talks, talks.clock), templates)


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


def open_panel(settings: Settings, staff: Staff, photos: Photos, tools: Tools, demo: bool, on_close: OnClose) -> Panel:
    """The agents' panel; ``demo``: whether demo agents may sign in to it.

    Raises:
        StoreError: when the file of its accounts cannot be opened.
    """
    from bot.adapters.panel.presence import SqlitePresence
    from bot.adapters.panel.sqlite import PanelFile
    from bot.panel.accounts import Accounts
    from bot.panel.cases.targets import Targets
    from bot.panel.news import InProcessNews
    from bot.panel.panel import Panel
    from bot.panel.presence import Away, PresenceRules
    from bot.panel.review import ReviewFile
    from bot.panel.web.pages import Pages

    talks = staff.talks
    sign_in, news = open_sign_in(settings.panel, talks.clock, demo, on_close), InProcessNews()
    on_close(news.close)
    cases, file, rules = open_cases(settings, on_close), PanelFile(settings.panel), PresenceRules.load()
    on_close(file.close)
    presence = SqlitePresence(file)
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
        targets=Targets.load(),
        staff=staff,
        presence=presence,
        presence_rules=rules,
        away=Away(presence, cases, staff, talks.clock, rules),
        review=ReviewFile(settings.review),
        answers=open_answers(settings, staff, on_close),
    )


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
