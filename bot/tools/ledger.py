"""The ledger of actions: what makes "once" true across threads, workers and crashes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.tools.values import Outcome


@dataclass(frozen=True)
class Entry:
    """An action that is about to run."""

    key: str
    """The same key is the same action; only the first one runs."""
    action: str
    target: str
    arguments: Mapping[str, str]
    conversation: str
    who: str
    """The user, or ``anonymous``, or an agent."""
    why: str
    draft: str | None = None
    """The ticket's draft as JSON, so that it can be filed after a crash."""


@dataclass(frozen=True)
class Begun:
    """Nobody ran it before: run it, then finish it."""


@dataclass(frozen=True)
class Ran:
    """It was begun before; ``outcome`` is None while it runs, or where its process died."""

    outcome: Outcome | None


@dataclass(frozen=True)
class CoolingDown:
    """The same was done to the same target a short while ago."""

    until: datetime


@dataclass(frozen=True)
class AuditLine:
    """One line of the audit log; lines are only ever added."""

    at: datetime
    key: str
    action: str
    target: str
    arguments: Mapping[str, str]
    conversation: str
    who: str
    why: str
    step: str
    """``begun``, ``done``, ``refused`` or ``unsure``."""
    detail: str
    number: int
    """Counts up; of two lines the later one has the higher number."""


@dataclass(frozen=True)
class AuditFilter:
    """Which lines of the audit log are wanted; what is None does not matter."""

    target: str | None = None
    action: str | None = None
    who: str | None = None
    conversation: str | None = None
    step: str | None = None
    before: int | None = None
    """Only lines with a lower number."""


class Ledger(Protocol):
    """Keeps actions; shared by all workers."""

    def begin(self, entry: Entry, at: datetime, cooldown: timedelta) -> Begun | Ran | CoolingDown:
        """Claim the action. Only one caller ever gets Begun for a key, and only one within a target's cooldown."""

    def finish(self, key: str, outcome: Outcome, at: datetime) -> None:
        """Record the outcome; the first one recorded stays."""

    def outcome(self, key: str) -> Outcome | None:
        """The recorded outcome, if there is one."""

    def unfinished(self, before: datetime) -> list[Entry]:
        """Actions begun before that moment without an outcome: their process died, or hangs."""

    def audit(self, which: AuditFilter | None = None, limit: int = 100) -> list[AuditLine]:
        """The newest lines of the audit log that fit, newest first."""

    def close(self) -> None:
        """Give back files and connections."""
