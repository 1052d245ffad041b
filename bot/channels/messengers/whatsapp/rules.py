"""rules.yaml: what the Cloud API allows, and what its errors mean."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

RULES_FILE = Path(__file__).with_name("rules.yaml")


class WhatsAppRules(BaseModel):
    """Seconds where the name has ``_s``; errors by their code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    longest_text: int = Field(gt=0)
    longest_body: int = Field(gt=0)
    buttons: int = Field(gt=0)
    button_title: int = Field(gt=1)
    rows: int = Field(gt=0)
    row_title: int = Field(gt=1)
    row_description: int = Field(gt=1)
    list_button: int = Field(gt=0)
    longest_id: int = Field(gt=2)
    timeout_s: float = Field(gt=0)
    silent: frozenset[str]
    final: dict[int, str]
    """Why no other attempt does better."""
    mendable_subcodes: frozenset[int]
    waits_s: dict[int, float]

    @classmethod
    def load(cls) -> WhatsAppRules:
        """Read the shipped file."""
        return cls.model_validate(yaml.safe_load(RULES_FILE.read_text(encoding="utf-8")))
