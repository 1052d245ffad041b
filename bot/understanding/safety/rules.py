"""Which words together are danger: rules.yaml, the same for every language."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from bot.understanding.safety.hazards import Hazard
from bot.understanding.safety.languages import Margins
from bot.understanding.safety.matcher import Found, Span
from bot.understanding.safety.words import Word

RULES_FILE = Path(__file__).with_name("rules.yaml")


class Rule(BaseModel):
    """``all``: concepts that must stand near the first of them, ``a | b`` is either; ``unless``: none of them near.

    ``within`` and ``unless_within``: in words. ``most_words``: of the whole message; a longer one would tell more.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hazard: Hazard
    all: tuple[str, ...]
    unless: tuple[str, ...] = ()
    within: int
    unless_within: int = 4
    most_words: int | None = None

    @cached_property
    def slots(self) -> tuple[tuple[str, ...], ...]:
        """The concepts that fill each place of ``all``."""
        return tuple(tuple(part.strip() for part in each.split("|")) for each in self.all)

    @property
    def concepts(self) -> set[str]:
        """All concepts that it names."""
        return {concept for slot in self.slots for concept in slot} | set(self.unless)


class Rules(BaseModel):
    """rules.yaml.

    ``past_within``: words between a danger and "two years ago" for the danger to be over. ``everywhere``: concepts that
    count for all languages, whichever they were found in. ``negatable``: concepts that "no" right before them takes
    away; ``negated_after``: that "not" right after them takes away. ``topic``: the one about emergencies;
    ``suspected_from``: its probability from which slips of the fingers are looked for in every word.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: str
    suspected_from: float
    margins: Margins
    past_within: int
    everywhere: tuple[str, ...]
    negatable: tuple[str, ...]
    negated_after: tuple[str, ...]
    rules: tuple[Rule, ...]

    @classmethod
    def load(cls, path: Path = RULES_FILE) -> Rules:
        """Read the file.

        Raises:
            pydantic.ValidationError: when it is not as it must be.
        """
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Match:
    """A rule that fired, and the words that made it."""

    hazard: Hazard
    first: int
    last: int


def matches(rules: Rules, found: Found, words: Sequence[Word]) -> list[Match]:
    """All rules that fire on what one lexicon found; of each, the first place where it does."""
    return [match for rule in rules.rules if (match := _fires(rule, found, words)) is not None]


def near(anchor: Span, spans: Sequence[Span], words: Sequence[Word], within: int) -> Span | None:
    """The span nearest to the anchor, where there is one within so many words. ``spans`` are in order."""
    after = bisect_left(spans, anchor)
    candidates = spans[max(0, after - 2) : after + 2]
    best = min(candidates, key=lambda span: _distance(anchor, span, words), default=None)
    return best if best is not None and _distance(anchor, best, words) <= within else None


def _distance(one: Span, other: Span, words: Sequence[Word]) -> int:
    left, right = sorted((one, other))
    return max(0, words[right.first].place - words[left.last].place)


def _fires(rule: Rule, found: Found, words: Sequence[Word]) -> Match | None:
    if rule.most_words is not None and len(words) > rule.most_words:
        return None
    slots = [_together(slot, found) for slot in rule.slots]
    if not all(slots):
        return None
    vetoes = _together(rule.unless, found)
    for anchor in slots[0]:
        others = [near(anchor, slot, words, rule.within) for slot in slots[1:]]
        if None in others or near(anchor, vetoes, words, rule.unless_within):
            continue
        spans = [anchor, *(span for span in others if span is not None)]
        return Match(rule.hazard, min(span.first for span in spans), max(span.last for span in spans))
    return None


def _together(concepts: Sequence[str], found: Found) -> Sequence[Span]:
    present = [spans for concept in concepts if (spans := found.get(concept))]
    return present[0] if len(present) == 1 else sorted(span for spans in present for span in spans)
