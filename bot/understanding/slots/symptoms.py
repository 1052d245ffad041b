"""What a driver says is wrong: words of one language that stand together, by the rules of rules.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.understanding.safety.matcher import Found as Concepts
from bot.understanding.safety.matcher import Span
from bot.understanding.slots.reading import Reading, char_span
from bot.understanding.slots.rules import SlotRules, SymptomRule
from bot.understanding.slots.values import Found, Slot


class Symptoms:
    """Finds symptoms."""

    def __init__(self, rules: SlotRules) -> None:
        self._rules = rules.symptoms
        self._negatable = rules.negatable

    def find(self, reading: Reading) -> Iterator[Found]:
        """Every symptom of a text, as often as it is told."""
        for concepts in reading.concepts.values():
            for rule in self._rules:
                for spans in self._told(rule, concepts, reading):
                    start = min(char_span(reading, span)[0] for span in spans)
                    end = max(char_span(reading, span)[1] for span in spans)
                    yield Found(Slot.SYMPTOM, rule.symptom, reading.text[start:end], start)

    def _told(self, rule: SymptomRule, concepts: Concepts, reading: Reading) -> Iterator[tuple[Span, ...]]:
        first, *others = ([span for name in names for span in self._true(name, concepts)] for names in rule.places)
        for anchor in first:
            near = [[span for span in spans if _near(anchor, span, rule.within, reading)] for spans in others]
            if not all(near) or self._excused(rule, anchor, concepts, reading):
                continue
            yield (anchor, *(spans[0] for spans in near))

    def _true(self, name: str, concepts: Concepts) -> Sequence[Span]:
        """Where a concept stands and no "not" takes it away."""
        spans = concepts.get(name, ())
        if name not in self._negatable:
            return spans
        negations = {span.last for span in concepts.get("not", ())}
        return [span for span in spans if span.first - 1 not in negations]

    def _excused(self, rule: SymptomRule, anchor: Span, concepts: Concepts, reading: Reading) -> bool:
        return any(
            _near(anchor, span, _UNLESS_WITHIN, reading) for name in rule.unless for span in concepts.get(name, ())
        )


_COMMA = 2
"""By how many words a comma holds two words apart."""
_UNLESS_WITHIN = 4
"""Words within which a concept of ``unless`` tells of something else."""


def _near(one: Span, other: Span, within: int, reading: Reading) -> bool:
    """Whether at most so many words part two spans of one sentence that share none."""
    if set(one.words) & set(other.words):
        return False
    first, second = sorted((one, other))
    if reading.words[first.last].sentence != reading.words[second.first].sentence:
        return False
    between = reading.text[reading.words[first.last].end : reading.words[second.first].start]
    return second.first - first.last - 1 + _COMMA * between.count(",") <= within
