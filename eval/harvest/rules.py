"""harvest.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field

RULES_FILE = Path(__file__).with_name("harvest.yaml")


class HarvestRules(BaseModel):
    """What becomes a candidate; see the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digits: int = Field(ge=2)
    fewest_letters: int = Field(ge=1)
    longest: int = Field(ge=1)
    most_changed: float = Field(ge=0.0, le=1.0)

    @classmethod
    def load(cls, path: Path = RULES_FILE) -> Self:
        """Read the file."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
