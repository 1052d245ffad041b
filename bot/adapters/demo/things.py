"""What the demo world keeps beside the values that the ports return."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from bot.tools.values import Charger, Outcome, WorldValue

Tool = Literal["accounts", "status", "stations", "sessions", "chargers", "desk"]
"""The ports by the names that reads use."""
TroubleKind = Literal["latency", "timeout", "error", "nonsense"]
LONGEST_TROUBLE = timedelta(minutes=10)
"""A typing error must not hold a thread for a day."""


class Restarting(WorldValue):
    """A restart that was accepted (OCPP Reset "Accepted")."""

    accepted_at: datetime
    back_at: datetime | None
    """When the BootNotification comes; None: never."""


class DemoCharger(WorldValue):
    """A charger and what the next restart does to it."""

    charger: Charger
    """As it was before the restart, if one is under way. ``heard_at`` is only set where it has fallen silent."""
    restart_fails: bool = False
    restarting: Restarting | None = None

    @property
    def id(self) -> str:
        """The charger's id."""
        return self.charger.id


class Group(WorldValue):
    """Chargers that are managed together, and who may do what there (WB2)."""

    id: str
    chargers: tuple[str, ...]
    roles: dict[str, str]
    """Role by user id."""


class Trouble(WorldValue):
    """What is wrong with a source system, until it is switched off."""

    tool: Tool
    kind: TroubleKind
    seconds: float = Field(ge=0, le=LONGEST_TROUBLE.total_seconds())
    """How long an answer, or its failing to come, takes."""


class Command(WorldValue):
    """A command that was taken, by its idempotency key."""

    key: str
    outcome: Outcome
