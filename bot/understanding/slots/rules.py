"""The schema of rules.yaml, and the words of words/."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from bot.understanding.safety.lexicon import Lexicon, load_lexicons
from bot.understanding.slots.values import Slot, Symptom

RULES_FILE = Path(__file__).with_name("rules.yaml")
WORDS = Path(__file__).with_name("words")
LINKING = (
    "other", "moment", "street", "unit", "link", "at", "be", "and", "denial", "meant", "not", "instead", "wrong",
)  # fmt: skip
"""Concepts that are read around numbers, whichever language they belong to."""


class SymptomRule(BaseModel):
    """Concepts of one language that tell a symptom: ``within`` so many words of the first, in one sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    symptom: Symptom
    all: tuple[str, ...]
    within: int = 0
    unless: tuple[str, ...] = ()

    @cached_property
    def places(self) -> tuple[tuple[str, ...], ...]:
        """The concepts that fill each place of ``all``."""
        return tuple(tuple(part.strip() for part in each.split("|")) for each in self.all)

    @property
    def concepts(self) -> set[str]:
        """All concepts that it names."""
        return {concept for place in self.places for concept in place} | set(self.unless)


class SlotRules(BaseModel):
    """rules.yaml; its comments say what each field means. ``lexicons``: the words of all languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    forms: dict[Slot, re.Pattern[str]]
    bare: tuple[Slot, ...]
    vague: dict[Slot, re.Pattern[str]]
    distant_pass: re.Pattern[str]
    cues: dict[str, tuple[Slot, ...]]
    measures: frozenset[str]
    short_measures: frozenset[str]
    unit_letters: frozenset[str]
    models: frozenset[str]
    makers: frozenset[str]
    plates: frozenset[str]
    towns: frozenset[str]
    years: tuple[int, int]
    countries: tuple[str, ...]
    currencies: dict[str, tuple[str, ...]]
    seconds: frozenset[str]
    priced_by: tuple[str, ...]
    priced: tuple[str, ...]
    error_codes: tuple[str, ...]
    together: frozenset[str]
    maker_code: str
    symptoms: tuple[SymptomRule, ...]
    negatable: frozenset[str]
    lexicons: tuple[Lexicon, ...]

    @model_validator(mode="after")
    def _every_concept_has_words(self) -> SlotRules:
        named = {*self.cues, *LINKING, *self.negatable, *(name for rule in self.symptoms for name in rule.concepts)}
        for lexicon in self.lexicons:
            if missing := named - set(lexicon.concepts):
                raise ValueError(f"words/{lexicon.language}.yaml has no words for {', '.join(sorted(missing))}.")
            if unknown := set(lexicon.concepts) - named - set(self.error_codes):
                raise ValueError(f"words/{lexicon.language}.yaml: nothing reads {', '.join(sorted(unknown))}.")
        return self

    @classmethod
    def load(cls, path: Path = RULES_FILE, words: Path = WORDS) -> SlotRules:
        """Read the files.

        Raises:
            pydantic.ValidationError: when one is not as it must be.
        """
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls.model_validate({**read, "lexicons": load_lexicons(words)})


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))
