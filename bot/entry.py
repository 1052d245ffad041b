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
from bot.ports import Clock
from bot.replies.catalogues import Templates
from bot.settings import ClientSettings, Settings
from bot.sources import OnClose
from bot.tools.reads import Tools

if TYPE_CHECKING:
    from bot.panel.panel import Panel
    from bot.panel.sign_in import SignIn


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


def open_panel(
    settings: Settings, talks: Conversations, photos: Photos, tools: Tools, demo: bool, on_close: OnClose
) -> Panel:
    """The agents' panel; ``demo``: whether demo agents may sign in to it.

    Raises:
        StoreError: when the file of its accounts cannot be opened.
    """
    from bot.panel.news import InProcessNews
    from bot.panel.panel import Panel
    from bot.panel.web.pages import Pages

    sign_in, news = open_sign_in(settings.panel, talks.clock, demo, on_close), InProcessNews()
    on_close(news.close)
    return Panel(
        agents=sign_in.agents,
        sessions=sign_in.sessions,
        audit=sign_in.audit,
        sign_in=sign_in,
        news=news,
        pages=Pages(settings.timezone),
        conversations=talks,
        photos=photos,
        tools=tools,
        clock=talks.clock,
    )
