"""The file of channels: which messengers are connected, each by its own kind of entry."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Protocol
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from bot.channels.messengers.ports import Messenger
from bot.errors import SettingsError
from bot.replies.catalogues import Templates
from bot.types import Context

DEFAULT_KIND = "webhook"
KINDS: Mapping[str, str] = {
    "mail": "bot.channels.messengers.mail.config",
    "telegram": "bot.channels.messengers.telegram.config",
    "matrix": "bot.channels.messengers.matrix.config",
    "webhook": "bot.channels.messengers.webhook.config",
    "whatsapp": "bot.channels.messengers.whatsapp.config",
}
"""The module of each kind, imported only where the file names the kind; its ``Entry`` is the form of the entry."""
MOST_TOLD = 5
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
"""The name of an environment variable that holds a secret."""


class Secrets(Protocol):
    """Reads the secrets of one channel."""

    def __call__(self, field: str, variable: str, shortest: int = 1) -> str:
        """What the variable holds, without spaces around it; ``field`` of the entry names it.

        Raises:
            SettingsError: when it has fewer than ``shortest`` characters; never telling what it holds.
        """


def _safe(url: str) -> str:
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ValueError("leave user and password out")
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


SafeUrl = Annotated[str, AfterValidator(_safe)]
"""Encrypted, or on this machine; without user and password."""


class ChannelEntry(BaseModel, ABC):
    """What every kind of messenger may say of its drivers. A kind adds ``kind`` and fields of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    locale: str | None = Field(None, max_length=35)
    vendor: str | None = Field(None, max_length=32)
    country: str | None = Field(None, pattern="^[A-Z]{2}$")
    timezone: Annotated[str, AfterValidator(_timezone)] | None = None

    def context(self) -> Context:
        """What is known of all its drivers."""
        return Context(locale=self.locale, vendor=self.vendor, country=self.country, timezone=self.timezone)

    @abstractmethod
    def open(self, name: str, secrets: Secrets, texts: Templates) -> Messenger:
        """The messenger, under the name that the file gives it.

        Raises:
            SettingsError: when a secret is missing or unfit.
        """


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    channels: dict[Name, dict[str, Any]]


def read_channels(path: Path, environ: Mapping[str, str], texts: Templates) -> dict[str, Messenger]:
    """The messengers of a file, by name. Secrets stand in the variables of ``environ`` that the file names.

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
        raise _unfit(path, list(_told(error))) from None
    entries: dict[str, ChannelEntry] = {}
    wrong: list[str] = []
    for name, fields in given.channels.items():
        try:
            entries[name] = _form(fields).validate_python(fields)
        except ValidationError as error:
            wrong += _told(error, f"channels.{name}.")
        except LookupError as error:
            wrong.append(f"channels.{name}.kind: {error.args[0]}")
    if wrong:
        raise _unfit(path, wrong)
    return {name: entry.open(name, _Secrets(path, name, environ), texts) for name, entry in entries.items()}


def _form(fields: Mapping[str, Any]) -> TypeAdapter[ChannelEntry]:
    """What an entry of its kind must be.

    Raises:
        LookupError: when there is no such kind, saying which ones there are.
    """
    kind = fields.get("kind", DEFAULT_KIND)
    module = KINDS.get(kind) if isinstance(kind, str) else None
    if module is None:
        raise LookupError(f"there is no such kind; use one of {', '.join(sorted(KINDS))}")
    return TypeAdapter(import_module(module).Entry)


def _told(error: ValidationError, prefix: str = "") -> Iterator[str]:
    for each in error.errors():
        yield f"{prefix}{'.'.join(map(str, each['loc']))}: {each['msg']}"


def _unfit(path: Path, wrong: list[str]) -> SettingsError:
    return SettingsError(f"{path}: {'; '.join(wrong[:MOST_TOLD])}. See docs/channels.md for the form.")


@dataclass(frozen=True)
class _Secrets:
    """Those of one channel of the file."""

    path: Path
    name: str
    environ: Mapping[str, str]

    def __call__(self, field: str, variable: str, shortest: int = 1) -> str:
        """See :class:`Secrets`."""
        secret = self.environ.get(variable, "").strip()
        if len(secret.encode()) >= shortest:
            return secret
        place = f"{self.path}: channels.{self.name}.{field}: {variable}"
        if shortest == 1:
            raise SettingsError(f"{place} is not set. Set the environment variable to the messenger's own value.")
        remedy = f"Set it to at least {shortest} characters, such as those of: openssl rand -hex 32"
        raise SettingsError(f"{place} is not set or too short. {remedy}")
