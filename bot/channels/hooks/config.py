"""Which messengers are connected, and the rules that hold for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.errors import SettingsError
from bot.types import Context

RULES_FILE = Path(__file__).with_name("hooks.yaml")
SHORTEST_SECRET = 32
"""Bytes; as long as what SHA-256 gives (RFC 2104, 3)."""
NAME = r"^[a-z0-9][a-z0-9-]{0,31}$"
Name = Annotated[str, StringConstraints(pattern=NAME)]


class HookRules(BaseModel):
    """hooks.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    window_s: int = Field(gt=0)
    settle_s: float = Field(ge=0)
    timeout_s: float = Field(gt=0)
    lease_s: float = Field(gt=0)
    attempts: int = Field(ge=1)
    first_wait_s: float = Field(gt=0)
    factor: float = Field(ge=1)
    most_wait_s: float = Field(gt=0)
    jitter: float = Field(ge=0, le=1)
    at_once: int = Field(ge=1)
    look_every_s: float = Field(gt=0)
    sweep_every_s: float = Field(gt=0)
    lively_h: float = Field(gt=0)
    sweep_all_every_s: float = Field(gt=0)
    follow_days: int = Field(ge=1)
    keep_days: int = Field(ge=1)

    @classmethod
    def load(cls, path: Path = RULES_FILE) -> HookRules:
        """Read the file."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Channel:
    """A messenger that is connected."""

    name: str
    url: str
    """Where its replies are posted."""
    secret: bytes = field(repr=False)
    """Signs both directions."""
    buttons: bool
    """Whether it can show quick replies; if not, they are numbered lines of the text."""
    context: Context
    """What is known of all its drivers."""


def _safe(url: str) -> str:
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ValueError("leave user and password out; deliveries are signed")
    if parts.scheme == "https" and parts.hostname:
        return url
    if parts.scheme == "http" and _on_this_machine(parts.hostname or ""):
        return url
    raise ValueError("use https://, or http:// on this machine only")


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("no time zone has that name; use an IANA name such as Europe/Zurich")
    return name


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, AfterValidator(_safe)]
    secret: str = Field(pattern="^[A-Za-z_][A-Za-z0-9_]*$")
    buttons: bool = True
    locale: str | None = Field(None, max_length=35)
    vendor: str | None = Field(None, max_length=32)
    country: str | None = Field(None, pattern="^[A-Z]{2}$")
    timezone: Annotated[str, AfterValidator(_timezone)] | None = None


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    channels: dict[Name, _Entry]


def read_channels(path: Path, environ: Mapping[str, str]) -> dict[str, Channel]:
    """The channels of a file, by name. Secrets stand in the variables of ``environ`` that the file names.

    Raises:
        SettingsError: naming the file, the channel, the field and what is wrong; never a secret.
    """
    try:
        given = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(f"PLUGDESK_CHANNELS is {path}, which cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise SettingsError(f"PLUGDESK_CHANNELS is {path}, which is no YAML.") from None
    except ValidationError as error:
        found = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:5])
        raise SettingsError(f"{path}: {found}. See docs/channels.md for the form.") from None
    return {name: _opened(name, entry, environ, path) for name, entry in given.channels.items()}


def _opened(name: str, entry: _Entry, environ: Mapping[str, str], path: Path) -> Channel:
    secret = environ.get(entry.secret, "").strip().encode()
    if len(secret) < SHORTEST_SECRET:
        remedy = f"Set it to at least {SHORTEST_SECRET} characters, such as those of: openssl rand -hex 32"
        raise SettingsError(f"{path}: channels.{name}.secret: {entry.secret} is not set or too short. {remedy}")
    context = Context(
        locale=entry.locale, vendor=entry.vendor, country=entry.country, timezone=entry.timezone, channel=name
    )
    return Channel(name, entry.url, secret, entry.buttons, context)
