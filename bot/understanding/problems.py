"""Parts of a message that may be about different problems. Pure."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

PROBLEMS_FILE = Path(__file__).with_name("problems.yaml")
_SENTENCE_END = r"(?<=[.!?;])\s+|\n+"


class ProblemRules(BaseModel):
    """problems.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fewest_words: int
    most_parts: int
    connectors: dict[str, tuple[str, ...]]


class ProblemSplitter:
    """Splits a message where a second problem may begin; whether one does is for the ranking to say."""

    def __init__(self, rules: ProblemRules) -> None:
        self._rules = rules
        words = sorted({word for words in rules.connectors.values() for word in words}, key=len, reverse=True)
        connectors = "|".join(re.escape(word) for word in words)
        self._border = re.compile(rf"{_SENTENCE_END}|,?\s+(?:{connectors})[,:]?\s+", re.IGNORECASE)

    @classmethod
    def load(cls, path: Path = PROBLEMS_FILE) -> ProblemSplitter:
        """Read the rules."""
        return cls(ProblemRules.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))))

    def parts(self, text: str) -> tuple[str, ...]:
        """The parts that are long enough to tell of a problem; none where the message has only one such part."""
        parts = [part.strip() for part in self._border.split(text)]
        telling = tuple(part for part in parts if len(part.split()) >= self._rules.fewest_words)
        return telling[: self._rules.most_parts] if len(telling) > 1 else ()
