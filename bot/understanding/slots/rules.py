"""The schema of rules.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from bot.understanding.slots.values import Slot

RULES_FILE = Path(__file__).with_name("rules.yaml")


class SlotRules(BaseModel):
    """Forms, cues and words of all languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    forms: dict[Slot, str]
    cues: dict[Slot, tuple[str, ...]]
    units: tuple[str, ...]
    models: tuple[str, ...]
    corrections: tuple[str, ...]
    rejecting: tuple[str, ...]
    error_codes: tuple[str, ...]
    error_words: dict[str, tuple[str, ...]]
    vendor_code_cues: tuple[str, ...]
    symptoms: dict[str, tuple[str, ...]]

    @classmethod
    def load(cls, path: Path = RULES_FILE) -> SlotRules:
        """Read the file."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))
