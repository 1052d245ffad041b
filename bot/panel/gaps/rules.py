"""By what gaps are gathered; gaps.yaml holds the numbers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

SHIPPED = Path(__file__).with_name("gaps.yaml")


class GapRules(BaseModel):
    """The numbers of gaps.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    usual_days: int = Field(ge=1)
    longest_days: int = Field(ge=1)
    alike: float = Field(gt=0, lt=1)
    smallest: int = Field(ge=1)
    most_lines: int = Field(ge=2)
    most_examples: int = Field(ge=1)
    reach_days: int = Field(ge=0)
    most_on_page: int = Field(ge=1)

    @classmethod
    def load(cls, path: Path = SHIPPED) -> GapRules:
        """Read the file.

        Raises:
            pydantic.ValidationError: when it is not as it must be.
        """
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))

    @property
    def usual(self) -> timedelta:
        """The period, where none is asked for."""
        return timedelta(days=self.usual_days)

    @property
    def longest(self) -> timedelta:
        """The longest period."""
        return timedelta(days=self.longest_days)

    @property
    def reach(self) -> timedelta:
        """How long before the period a conversation may have begun."""
        return timedelta(days=self.reach_days)
