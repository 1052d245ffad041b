"""Settings come from a mapping, once; every value is typed and checked here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.errors import SettingsError
from bot.panel.values import ROLES, Role
from bot.tools.access import AccountAccess
from indexer.embedders.prefixes import Prefixes

HOME = Path(__file__).parents[1]
CHANNELS = Path(__file__).parent / "channels"
PRESENCE = Path(__file__).parent / "panel" / "presence.yaml"
ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[a-z0-9.:\[\]-]+")
"""A scheme, a host and perhaps a port (RFC 6454); apps have schemes of their own, such as capacitor://localhost."""
TOOLS = ("accounts", "stations", "sessions", "chargers", "status")


@dataclass(frozen=True)
class IdentitySettings:
    """How the host app signs tokens."""

    key: str = field(repr=False)
    """The shared secret (HS256) or the public key as PEM (RS256), or the path of a file that holds it. Without a key no
    tokens are taken."""
    algorithm: str
    """HS256 or RS256"""
    audience: str
    """What ``aud`` of a token must be."""
    issuer: str | None
    """What ``iss`` of a token must be; nothing: it is not looked at."""


@dataclass(frozen=True)
class RtSettings:
    """How Plugdesk signs in to Request Tracker: with ``token``, or with ``user`` and ``password``."""

    queue: str
    """The queue that tickets are filed in."""
    user: str
    """Who Plugdesk is there, where it has no token."""
    password: str = field(repr=False)
    """That user's password."""
    token: str = field(repr=False)
    """An auth token of the user that Plugdesk is there."""


@dataclass(frozen=True)
class OidcSettings:
    """The OpenID provider that agents may sign in with."""

    issuer: str
    """The provider's address, exactly as it calls itself; nothing: agents sign in with passwords alone."""
    client_id: str
    """Plugdesk's id there."""
    client_secret: str = field(repr=False)
    """Plugdesk's secret there; a client may have none."""
    roles: Mapping[str, Role] = field(default_factory=dict)
    """What groups of the provider give, such as support=agent; team leads=lead. Nothing: accounts here say who is
    what."""
    claim: str = "groups"
    """Where the provider's tokens name groups."""


@dataclass(frozen=True)
class ClientSettings:
    """Who may come in over HTTP, and how often."""

    keys: str = "off"
    """``off``: whoever holds a conversation's id may use it, and anybody may start one; or sqlite:///path of API
    keys."""
    origins: tuple[str, ...] = ()
    """Origins of pages that the widget stands in: they need no key, and browsers let them read what comes back."""
    proxies: tuple[str, ...] = ()
    """Addresses or networks whose X-Forwarded-For is believed."""
    limits: Path | None = CHANNELS / "limits.yaml"
    """The file of rate limits, or off."""
    limits_store: str = field(default="memory", repr=False)
    """Where requests are counted: ``memory``, each process for itself, or redis://… and other URLs of the library
    ``limits``, which may hold a password."""
    channels: Path | None = None
    """The file of messengers that are connected; nothing: there are none."""
    outbox: Path = Path("outbox.db")
    """The file that keeps what came from them and is to be delivered to them; all workers share it."""


@dataclass(frozen=True)
class TranslatorSettings:
    """Which service translates for agents."""

    url: str = "off"
    """``off``, or libretranslate+https://host"""
    key: str = field(default="", repr=False)
    """What the service wants to be shown, if anything."""


@dataclass(frozen=True)
class Settings:
    """How this process runs. The variable of each field is PLUGDESK_ and its name in capitals."""

    kb: Path
    """The knowledge base."""
    index: Path
    """Where builds of the index are kept."""
    conversations: str
    """URL of the conversation store: ``sqlite:///path``, or ``memory:``, which a restart empties."""
    model: str
    """Path or name of a sentence-transformers model; empty for the one that ships."""
    prefixes: Prefixes | None
    """What the model wants before queries and passages; where neither is set, what is known of the model."""
    host: str
    """The address that the server listens at; 0.0.0.0 for every one of this machine."""
    port: int
    """The port that the server listens at."""
    tools: Mapping[str, str]
    """URL of each source system, such as demo:///path/to/world.db; docs/sources.md has all kinds."""
    ledger: Path
    """The file that keeps actions and watches; all workers share it."""
    desk: str
    """URL of the help desk: sqlite:///path, or rt+https://host/path of Request Tracker."""
    rt: RtSettings
    photos: Path
    """The folder that keeps the photos of reports; all workers share it."""
    account_access: AccountAccess
    """Who sees the data of an account: ``number``: whoever knows its number, as long as nobody is signed in; ``token``:
    only who is signed in."""
    identity: IdentitySettings | None
    """How tokens of the host app are verified; None: none are taken."""
    timezone: str
    """In which times are told where a client does not say its own."""
    demo: bool
    """``on``: everybody may change the demo world over HTTP and sign in to it; ``off``"""
    clients: ClientSettings = ClientSettings()
    panel: Path = Path("panel.db")
    """The file that keeps the accounts of the agents' panel; all workers share it."""
    presence: Path = PRESENCE
    """The file of rules that say when agents count as there, and when as gone."""
    review: Path = Path("review.jsonl")
    """The file of what agents corrected; support leads read it."""
    evaluation: Path = Path("results")
    """The folder in which the evaluation leaves its results; leads see the newest."""
    translator: TranslatorSettings = TranslatorSettings()
    oidc: OidcSettings | None = None
    """None: agents sign in with passwords alone."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], home: Path = HOME) -> Settings:
        """Read the settings.

        Raises:
            SettingsError: naming the variable, what it holds and what it may hold.
        """

        def text(name: str, default: str) -> str:
            return environ.get(f"PLUGDESK_{name}", default).strip()

        def one_of(name: str, *allowed: str) -> str:
            value = text(name, allowed[0])
            if value not in allowed:
                raise SettingsError(f"PLUGDESK_{name} is {value!r}. Use one of {', '.join(allowed)}.")
            return value

        port = text("PORT", "8080")
        if not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65_536:
            raise SettingsError(f"PLUGDESK_PORT is {port!r}. Use a number from 1 to 65535.")
        query, passage = environ.get("PLUGDESK_QUERY_PREFIX"), environ.get("PLUGDESK_PASSAGE_PREFIX")
        prefixes = None if query is None and passage is None else Prefixes(query or "", passage or "")
        var = home / "var"
        world = f"demo:///{var / 'world.db'}"
        return cls(
            kb=Path(text("KB", str(home / "kb"))),
            index=Path(text("INDEX", str(var / "index"))),
            conversations=text("CONVERSATIONS", f"sqlite:///{var / 'plugdesk.db'}"),
            model=text("MODEL", ""),
            prefixes=prefixes,
            host=text("HOST", "127.0.0.1"),
            port=int(port),
            tools={tool: text(tool.upper(), world) for tool in TOOLS},
            ledger=Path(text("LEDGER", str(var / "ledger.db"))),
            desk=text("DESK", f"sqlite:///{var / 'desk.db'}"),
            rt=RtSettings(
                queue=text("RT_QUEUE", "Plugdesk"),
                user=text("RT_USER", ""),
                password=text("RT_PASSWORD", ""),
                token=text("RT_TOKEN", ""),
            ),
            photos=Path(text("PHOTOS", str(var / "photos"))),
            account_access="token" if one_of("ACCOUNT_ACCESS", "number", "token") == "token" else "number",
            identity=_identity(text, one_of("IDENTITY_ALGORITHM", "HS256", "RS256")),
            timezone=_timezone(text("TIMEZONE", "Europe/Zurich")),
            demo=one_of("DEMO", "off", "on") == "on",
            clients=ClientSettings(
                keys=_keys(text("KEYS", "off")),
                origins=_origins(text("ORIGINS", "")),
                proxies=_proxies(text("PROXIES", "")),
                limits=None if (limits := text("LIMITS", str(CHANNELS / "limits.yaml"))) == "off" else Path(limits),
                limits_store=text("LIMITS_STORE", "memory"),
                channels=Path(channels) if (channels := text("CHANNELS", "")) else None,
                outbox=Path(text("OUTBOX", str(var / "outbox.db"))),
            ),
            panel=Path(text("PANEL", str(var / "panel.db"))),
            presence=Path(text("PRESENCE", str(PRESENCE))),
            review=Path(text("REVIEW", str(var / "review.jsonl"))),
            evaluation=Path(text("EVALUATION", str(home / "eval" / "results"))),
            translator=TranslatorSettings(text("TRANSLATOR", "off") or "off", text("TRANSLATOR_KEY", "")),
            oidc=_oidc(text),
        )


def _identity(text: Callable[[str, str], str], algorithm: str) -> IdentitySettings | None:
    key, file = text("IDENTITY_KEY", ""), text("IDENTITY_KEY_FILE", "")
    if file:
        try:
            key = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise SettingsError(f"PLUGDESK_IDENTITY_KEY_FILE is {file!r}, which cannot be read: {error}") from None
    if not key:
        return None
    return IdentitySettings(key, algorithm, text("IDENTITY_AUDIENCE", "plugdesk"), text("IDENTITY_ISSUER", "") or None)


def _oidc(text: Callable[[str, str], str]) -> OidcSettings | None:
    issuer, client = text("OIDC_ISSUER", ""), text("OIDC_CLIENT_ID", "")
    if not issuer:
        return None
    address = urlsplit(issuer)
    local = address.hostname in ("localhost", "127.0.0.1", "::1")
    if not address.hostname or (address.scheme != "https" and not (local and address.scheme == "http")):
        raise SettingsError(
            f"PLUGDESK_OIDC_ISSUER is {issuer!r}. Use the provider's address, which begins with https://"
        )
    if not client:
        raise SettingsError("PLUGDESK_OIDC_CLIENT_ID is missing. Use the id that the provider gave to Plugdesk.")
    roles: dict[str, Role] = {}
    for pair in filter(None, (each.strip() for each in text("OIDC_ROLES", "").split(";"))):
        group, _, name = pair.rpartition("=")
        role = next((each for each in ROLES if each == name.strip()), None)
        if role is None or not group.strip():
            example = f"Use group=role with ; between them, such as support=agent. Roles are {', '.join(ROLES)}."
            raise SettingsError(f"PLUGDESK_OIDC_ROLES has {pair!r}. {example}")
        roles[group.strip()] = role
    return OidcSettings(issuer, client, text("OIDC_CLIENT_SECRET", ""), roles, text("OIDC_CLAIM", "groups"))


def _keys(url: str) -> str:
    if url != "off" and not url.removeprefix("sqlite:///"):
        raise SettingsError("PLUGDESK_KEYS names no file. Use off or sqlite:///path/to/keys.db")
    if url != "off" and not url.startswith("sqlite:///"):
        raise SettingsError(f"PLUGDESK_KEYS is {url!r}. Use off or sqlite:///path/to/keys.db")
    return url


def _listed(given: str) -> tuple[str, ...]:
    return tuple(each for each in re.split(r"[,\s]+", given) if each)


def _origins(given: str) -> tuple[str, ...]:
    origins = tuple(each.lower() for each in _listed(given))
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            example = "Use origins such as https://app.example, without a path, with commas between them."
            raise SettingsError(f"PLUGDESK_ORIGINS has {origin!r}. {example}")
    return origins


def _proxies(given: str) -> tuple[str, ...]:
    proxies = _listed(given)
    for proxy in proxies:
        try:
            ip_network(proxy)
        except ValueError:
            example = "Use addresses or networks such as 10.0.0.0/8, with commas between them."
            raise SettingsError(f"PLUGDESK_PROXIES has {proxy!r}. {example}") from None
    return proxies


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise SettingsError(f"PLUGDESK_TIMEZONE is {name!r}. Use an IANA name such as Europe/Zurich.") from None
    return name
