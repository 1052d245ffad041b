"""The rules that hold for all messengers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from bot.channels.messengers.inbox import Pace

RULES_FILE = Path(__file__).with_name("rules.yaml")


class MessengerRules(BaseModel):
    """rules.yaml; units stand in the names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    burst_s: float = Field(ge=0)
    longest_burst_s: float = Field(ge=0)
    turns_at_once: int = Field(ge=1)
    turn_lease_s: float = Field(gt=0)
    turn_tries: int = Field(ge=1)
    photos: int = Field(ge=1)
    timeout_s: float = Field(gt=0)
    attempt_s: float = Field(gt=0)
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
    def load(cls, path: Path = RULES_FILE) -> MessengerRules:
        """Read the file."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))

    @property
    def pace(self) -> Pace:
        """When messages make a burst."""
        gap, longest = timedelta(seconds=self.burst_s), timedelta(seconds=self.longest_burst_s)
        return Pace(gap, longest, timedelta(seconds=self.turn_lease_s), self.photos)

    def wait_before(self, attempt: int, chance: float) -> timedelta:
        """How long to wait before the next attempt, after ``attempt`` that failed; ``chance`` from 0 to 1."""
        # Further doublings change nothing, and would end up beyond what a float holds.
        full = min(self.most_wait_s, self.first_wait_s * self.factor ** min(attempt - 1, 64))
        return timedelta(seconds=full * (1 - self.jitter * chance))
