"""The rules of the channel: mail.yaml."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

RULES_FILE = Path(__file__).with_name("mail.yaml")


class MailRules(BaseModel):
    """mail.yaml; the file says what each value is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    largest_bytes: int = Field(gt=0)
    largest_header_bytes: int = Field(gt=0)
    most_parts: int = Field(ge=1, le=200)
    """Python's parser goes one level deeper a part, and may go 1,000 levels."""
    longest_text: int = Field(gt=0)
    largest_html_bytes: int = Field(gt=0)
    most_photos: int = Field(ge=0)
    smallest_photo_bytes: int = Field(ge=0)
    largest_photo_bytes: int = Field(gt=0)
    clock_s: float = Field(ge=0)
    late_h: float = Field(ge=0)
    most_an_hour: int = Field(ge=1)
    look_every_s: float = Field(gt=0, le=1700)
    """A server may hang up on who is silent for 30 minutes (RFC 2177)."""
    poll_every_s: float = Field(gt=0)
    at_once: int = Field(ge=1)
    tries: int = Field(ge=1)
    retry_s: float = Field(ge=0)
    first_wait_s: float = Field(gt=0)
    most_wait_s: float = Field(gt=0)
    timeout_s: float = Field(gt=0)
    lookup_s: float = Field(gt=0)
    remembered: int = Field(ge=1)

    @classmethod
    def load(cls, path: Path = RULES_FILE) -> MailRules:
        """Read the file."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
