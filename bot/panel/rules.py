"""The file of rules for signing in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import yaml
from limits import RateLimitItem, parse_many
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

SHIPPED = Path(__file__).with_name("sign_in.yaml")


def _parsed(given: object) -> object:
    return tuple(parse_many(given)) if isinstance(given, str) else given


Allowed = Annotated[tuple[RateLimitItem, ...], BeforeValidator(_parsed)]


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class PasswordRules(_Rules):
    """What a password must be."""

    shortest: int = Field(ge=8)
    longest: int = Field(ge=64)
    weakest: int = Field(ge=0, le=4)


class Argon2Rules(_Rules):
    """What a hash costs (RFC 9106, 3.1)."""

    time: int = Field(ge=1)
    memory: int = Field(ge=8)
    """KiB."""
    lanes: int = Field(ge=1)
    at_once: int = Field(ge=1)


class SessionRules(_Rules):
    """How long somebody stays signed in."""

    idle_minutes: int = Field(ge=1)
    longest_hours: int = Field(ge=1)

    @property
    def idle(self) -> timedelta:
        """Without doing anything."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def longest(self) -> timedelta:
        """Whatever they do."""
        return timedelta(hours=self.longest_hours)


class AttemptRules(_Rules):
    """How often signing in may be tried."""

    account_from_address: Allowed
    account: Allowed
    address: Allowed


class SignInRules(_Rules):
    """The whole file."""

    password: PasswordRules
    argon2: Argon2Rules
    session: SessionRules
    attempts: AttemptRules

    @classmethod
    def load(cls, path: Path = SHIPPED) -> SignInRules:
        """Read the file."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
