"""ocpp.yaml: times, sizes and words."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.tools.values import ConnectorStatus, Done, Outcome, Refused, Unsure

RULES_FILE = Path(__file__).with_name("ocpp.yaml")


class OcppRules(BaseModel):
    """What each field means stands in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heartbeat_s: int = Field(gt=0)
    ping_s: float = Field(gt=0)
    largest_bytes: int = Field(gt=0)
    beat_s: float = Field(gt=0)
    gone_s: float = Field(gt=0)
    look_s: float = Field(gt=0)
    take_s: float = Field(gt=0)
    answer_s: float = Field(gt=0)
    done: frozenset[str]
    refused: dict[str, str]
    dangers: frozenset[str]
    telling: tuple[ConnectorStatus, ...]
    in_use: frozenset[ConnectorStatus]
    occupied: frozenset[ConnectorStatus]
    charging_states: dict[str, ConnectorStatus]

    @field_validator("telling")
    @classmethod
    def _names_all(cls, telling: tuple[ConnectorStatus, ...]) -> tuple[ConnectorStatus, ...]:
        if sorted(telling) != sorted(ConnectorStatus):
            raise ValueError("must name every connector status once")
        return telling

    def outcome(self, answer: str) -> Outcome:
        """What the word of a charger's answer says. Accepted is no proof that it will be back (WB8)."""
        if answer in self.done:
            return Done()
        if answer in self.refused:
            return Refused(reason=self.refused[answer])
        return Unsure(reason="unknown_answer")

    @classmethod
    def load(cls) -> OcppRules:
        """Read the shipped file."""
        return cls.model_validate(yaml.safe_load(RULES_FILE.read_text(encoding="utf-8")))
