"""By what the figures count; figures.yaml holds the numbers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

SHIPPED = Path(__file__).with_name("figures.yaml")


class FigureRules(BaseModel):
    """The numbers of figures.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    silent_h: float = Field(gt=0)
    came_back_h: float = Field(gt=0)
    apart_h: float = Field(ge=0)
    good_stars: int = Field(ge=1, le=5)
    poor_stars: int = Field(ge=1, le=5)
    most_days: int = Field(ge=1)
    most_topics: int = Field(ge=1)
    most_examples: int = Field(ge=1)

    @classmethod
    def load(cls, path: Path = SHIPPED) -> FigureRules:
        """Read the file.

        Raises:
            pydantic.ValidationError: when it is not as it must be.
        """
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))

    @property
    def silence(self) -> timedelta:
        """After which a conversation has ended."""
        return timedelta(hours=self.silent_h)

    @property
    def return_within(self) -> timedelta:
        """Within which asking again means that the answer did not last."""
        return timedelta(hours=self.came_back_h)

    @property
    def apart(self) -> timedelta:
        """Between two visits in one conversation."""
        return timedelta(hours=self.apart_h)
