"""rules.yaml: how reports are counted and numbered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from bot.tools.values import ReportState, TicketKind

RULES_FILE = Path(__file__).with_name("rules.yaml")


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class IncidentRule(_Rule):
    """``count`` drivers who report one station ``within`` that time make an incident."""

    count: int = Field(ge=2)
    within: timedelta = Field(gt=timedelta(0))


class Numbers(_Rule):
    """``prefix`` and a number of five digits at least, so that drivers can tell a report from other numbers."""

    prefix: str = Field(pattern="^[A-Z]$")
    first: int = Field(ge=10_000)

    def ticket(self, number: int) -> str:
        """The id that people are told."""
        return f"{self.prefix}-{number:05d}"


class NumbersByKind(_Rule):
    """Fault reports are told from everything else by their letter."""

    fault: Numbers
    other: Numbers

    def of(self, kind: TicketKind) -> Numbers:
        """How tickets of that kind are numbered."""
        return self.fault if kind is TicketKind.FAULT else self.other


class DeskRules(_Rule):
    """The file."""

    incident: IncidentRule
    over: frozenset[ReportState]
    """States in which a report is done with."""
    numbers: NumbersByKind

    @classmethod
    def load(cls, file: Path = RULES_FILE) -> DeskRules:
        """Read the file.

        Raises:
            pydantic.ValidationError: when it does not have that form.
        """
        return cls.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
