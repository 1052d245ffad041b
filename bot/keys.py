"""API keys: what a client shows to be let in, and what it may then do."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Literal, Protocol, get_args

from pydantic import Field

from bot.types import Value

Scope = Literal["chat", "read", "deliver"]
"""``chat``: start and hold conversations for drivers; ``read``: read any conversation whose id is known, and why it
went as it did; ``deliver``: post to webhooks."""
SCOPES: tuple[Scope, ...] = get_args(Scope)
PREFIX = "pd"
"""Lets scanners of repositories and logs find a key that leaked."""
LONGEST_NAME = 80


class Key(Value):
    """What is known of a key; never the key itself."""

    id: str
    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    scopes: tuple[Scope, ...] = Field(min_length=1)
    created_at: datetime
    used_at: datetime | None = None
    """To the minute."""
    revoked_at: datetime | None = None


class Keys(Protocol):
    """Keeps keys. Safe to use from several threads and processes."""

    def add(self, name: str, scopes: tuple[Scope, ...]) -> tuple[Key, str]:
        """Make a key; returns what is known of it, and the key itself, which nobody can show again."""

    def of(self, shown: str) -> Key | None:
        """The key that was shown, and notes that it was used; None where there is none such, or it was revoked."""

    def all(self) -> list[Key]:
        """Every key, oldest first, the revoked ones as well."""

    def revoke(self, key: str) -> Key:
        """Let the key of that id open nothing from now on.

        Raises:
            UnknownKey: when there is none of that id.
        """

    def close(self) -> None:
        """Give back files and connections."""


def new_secret() -> tuple[str, str]:
    """An id and a key that carries it: the id finds the row, the 256 random bits behind it open."""
    identity = secrets.token_hex(6)
    return identity, f"{PREFIX}_{identity}_{secrets.token_urlsafe(32)}"


def id_of(shown: str) -> str | None:
    """The id that a key carries, None where it has not the form of one."""
    prefix, _, rest = shown.partition("_")
    identity, _, random = rest.partition("_")
    return identity if prefix == PREFIX and identity and random else None


def digest(shown: str) -> str:
    """What is kept of a key. Slow hashes guard what people invent; nobody can try out 256 random bits."""
    return hashlib.sha256(shown.encode("utf-8", "replace")).hexdigest()
