"""ocpi.yaml: times, sizes and words."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from bot.tools.values import RefusalReason

RULES_FILE = Path(__file__).with_name("ocpi.yaml")


class OcpiRules(BaseModel):
    """How the client asks, and how the words of a command's outcome become ours. Units stand in the names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    timeout_s: float = Field(gt=0)
    answer_s: float = Field(gt=0)
    attempts: int = Field(ge=1)
    wait_s: float = Field(ge=0)
    reads_s: float = Field(gt=0)
    largest_bytes: int = Field(gt=0)
    most_redirects: int = Field(ge=0)
    page: int = Field(ge=1)
    most_pages: int = Field(ge=1)
    endpoints_fresh_s: float = Field(ge=0)
    locations_fresh_s: float = Field(ge=0)
    tokens_fresh_s: float = Field(ge=0)
    missed_again_s: float = Field(ge=0)
    sessions_back_hours: float = Field(gt=0)
    result_s: float = Field(gt=0)
    keys_remembered: int = Field(ge=1)
    responses: dict[str, RefusalReason]
    """CommandResponseType to a code of refusals."""
    results: dict[str, RefusalReason]
    """CommandResultType to a code of refusals."""

    @classmethod
    def load(cls) -> OcpiRules:
        """Read the shipped file."""
        return cls.model_validate(yaml.safe_load(RULES_FILE.read_text(encoding="utf-8")))
