"""The rules of the checks, read from rules.yaml and checked; its comments say what each entry means."""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from indexer.lint.types import Severity

RULES_FILE = Path(__file__).with_name("rules.yaml")


class _Rules(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reviews(_Rules):
    """How long an article may go without being looked at."""

    longest_days: int = Field(gt=0)


class Readable(_Rules):
    """What is too long or too hard in one language."""

    first_words: int = Field(gt=0)
    sentence_words: int = Field(gt=0)
    lix: float = Field(gt=0)


class Reading(_Rules):
    """What is too long to read."""

    step_words: int = Field(gt=0)
    languages: dict[str, Readable]
    fewest_clauses: int = Field(gt=0)


class Forbidden(_Rules):
    """Words that must not stand in articles of a language, or in a vendor's sections alone."""

    language: str
    words: tuple[str, ...] = Field(min_length=1)
    say: str = Field(min_length=3)
    vendor: str | None = None
    denied: bool = False
    """Whether a sentence that denies it may say it."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds any of the words, in any case."""
        return re.compile("|".join(f"(?:{word})" for word in self.words), re.IGNORECASE)


class FactRules(_Rules):
    """How numbers are compared between languages."""

    idioms: tuple[str, ...]
    words: dict[str, dict[str, int]]
    calling_codes: dict[str, str]

    @cached_property
    def idiom(self) -> re.Pattern[str]:
        """Finds numbers that are a way of speaking."""
        return re.compile("|".join(map(re.escape, self.idioms)), re.IGNORECASE)


class LanguageRules(_Rules):
    """When a section is in another language than its file's."""

    fewest_letters: int = Field(gt=0)
    sure: float = Field(gt=0, lt=1)


class Fewest(_Rules):
    """How many utterances a topic and a class need at least in each language that has utterances."""

    topic: int = Field(gt=0)
    klass: int = Field(gt=0, alias="class")


class ExampleRules(_Rules):
    """What is wanted of utterances."""

    fewest: Fewest
    confused_share: float = Field(gt=0, le=1)
    confused_lines: int = Field(gt=0)
    neighbours: int = Field(gt=0)
    shown: int = Field(gt=0)


class Rules(_Rules):
    """All of rules.yaml."""

    severities: dict[str, Severity]
    reviews: Reviews
    reading: Reading
    sequences: dict[str, tuple[str, ...]]
    step_sentences: int = Field(gt=1)
    forbidden: tuple[Forbidden, ...]
    denials: dict[str, tuple[str, ...]]
    facts: FactRules
    leftovers: tuple[str, ...]
    language: LanguageRules
    examples: ExampleRules

    @field_validator("sequences", "leftovers", "denials")
    @classmethod
    def _are_patterns(cls, value: dict[str, tuple[str, ...]] | tuple[str, ...]) -> object:
        lists = value.values() if isinstance(value, dict) else [value]
        for pattern in (each for patterns in lists for each in patterns):
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is no regular expression: {error}") from None
        return value

    @cached_property
    def leftover(self) -> tuple[re.Pattern[str], ...]:
        """Find what no reader should see."""
        return tuple(re.compile(pattern) for pattern in self.leftovers)

    @cached_property
    def denial(self) -> dict[str, re.Pattern[str]]:
        """Finds that a sentence denies something, by language."""
        return {
            language: re.compile(rf"\b(?:{'|'.join(each)})\b", re.IGNORECASE) for language, each in self.denials.items()
        }

    @cached_property
    def sequence(self) -> dict[str, re.Pattern[str]]:
        """Finds what joins a second action to the first, by language."""
        return {
            language: re.compile("|".join(patterns), re.IGNORECASE) for language, patterns in self.sequences.items()
        }


@cache
def shipped_rules() -> Rules:
    """The rules that ship with Plugdesk."""
    return Rules.model_validate(yaml.safe_load(RULES_FILE.read_text(encoding="utf-8")))
