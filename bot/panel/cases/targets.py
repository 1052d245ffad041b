"""How soon drivers should hear from a person, and whether they still can."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from bot.panel.cases.case import Case

SHIPPED = Path(__file__).parents[1] / "targets.yaml"


@dataclass(frozen=True)
class Wait:
    """How long somebody has waited."""

    time: timedelta
    overdue: bool
    """Longer than they should."""


class Targets(BaseModel):
    """The file of targets, in minutes by urgency."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    urgent: float = Field(gt=0)
    other: float = Field(gt=0)

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Targets:
        """Read the file.

        Raises:
            pydantic.ValidationError: when it is not as it must be.
        """
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))

    def wait(self, case: Case, now: datetime) -> Wait | None:
        """How long the driver has waited for a person's word; None where none is waited for."""
        if case.since is None:
            return None
        time = max(timedelta(), now - case.since)
        return Wait(time, time > timedelta(minutes=self.urgent if case.urgent else self.other))
