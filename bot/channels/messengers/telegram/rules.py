"""rules.yaml: what Telegram allows, and how it is asked."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

RULES_FILE = Path(__file__).with_name("rules.yaml")


class TelegramRules(BaseModel):
    """Seconds where the name ends in ``_s``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    longest_text: int = Field(gt=0)
    longest_data: int = Field(gt=2)
    timeout_s: float = Field(gt=0)
    poll_s: int = Field(ge=0)
    poll_most: int = Field(ge=1, le=100)
    again_after_s: float = Field(gt=0)
    photo_attempts: int = Field(ge=1)
    most_wait_s: float = Field(gt=0)
    final: frozenset[int]
    unreadable: frozenset[str]

    @classmethod
    def load(cls) -> TelegramRules:
        """Read the shipped file."""
        return cls.model_validate(yaml.safe_load(RULES_FILE.read_text(encoding="utf-8")))
