"""Rate limits: how often a key, a conversation and an address may ask."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Annotated, Literal, Protocol

import yaml
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import Storage
from limits.strategies import SlidingWindowCounterRateLimiter
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from bot.errors import SettingsError

log = logging.getLogger(__name__)
Errand = Literal["start", "say", "photo", "read", "deliver"]
"""What a request is for."""
LONGEST_NAME = 128
HOME_NETWORK = 64
"""Bits of an IPv6 address that a household or a phone has to itself (RFC 6177); it chooses the others as it likes."""


def _parsed(given: object) -> object:
    return tuple(parse_many(given)) if isinstance(given, str) else given


Allowed = Annotated[tuple[RateLimitItem, ...], BeforeValidator(_parsed)]


class Rules(BaseModel):
    """The limits of one errand, by who asks; nothing: as often as they like."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    key: Allowed = ()
    conversation: Allowed = ()
    address: Allowed = ()


class RateRules(BaseModel):
    """The file of limits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: Rules
    say: Rules
    photo: Rules
    read: Rules
    deliver: Rules

    @classmethod
    def load(cls, path: Path) -> RateRules:
        """Read the file.

        Raises:
            SettingsError: naming the file, the field and what is wrong.
        """
        try:
            return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise SettingsError(f"PLUGDESK_LIMITS is {path}, which cannot be read as YAML: {error}") from None
        except ValidationError as error:
            found = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:5])
            raise SettingsError(f"{path}: {found}. Write limits such as 40/minute.") from None


class RateLimits(Protocol):
    """Counts what is asked."""

    def take(self, errand: Errand, who: Mapping[str, str]) -> int | None:
        """Count one request; None: it may pass, else the seconds to wait.

        Args:
            errand: what the request is for.
            who: ``key``, ``conversation`` and ``address`` of the one who asks, as far as they are to be counted.
        """


class CountedLimits:
    """Counts in a storage of the library ``limits``: one process's memory, or a server that several share."""

    def __init__(self, rules: RateRules, storage: Storage) -> None:
        self._rules, self._storage = rules, storage
        self._limiter = SlidingWindowCounterRateLimiter(storage)

    def take(self, errand: Errand, who: Mapping[str, str]) -> int | None:
        """See :class:`RateLimits`."""
        try:
            return self._taken(errand, who)
        except StorageError as error:
            # Drivers who need help are not shut out because a counter is down.
            log.warning("requests are not counted: %s", type(error.storage_error).__name__)
            return None

    def _taken(self, errand: Errand, who: Mapping[str, str]) -> int | None:
        rules: Rules = getattr(self._rules, errand)
        for kind in ("key", "conversation", "address"):
            name = who.get(kind)
            for limit in getattr(rules, kind) if name else ():
                counted = (errand, kind, name[:LONGEST_NAME] if name else "")
                if not self._limiter.hit(limit, *counted):
                    return max(1, math.ceil(self._limiter.get_window_stats(limit, *counted).reset_time - time.time()))
        return None


def counted_address(host: str) -> str:
    """Whom an address stands for: itself, or the network of an IPv6 address."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> (128 - HOME_NETWORK) << (128 - HOME_NETWORK)))
