"""What drivers asked and got no answer to, gathered by the topic of the nearest article."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from bot.panel.figures.asked import Asked
from bot.panel.figures.record import Record


@dataclass(frozen=True)
class Question:
    """One of them, and where it was asked."""

    conversation: str
    asked: Asked


@dataclass(frozen=True)
class Cluster:
    """Questions that are near the same topic; None: near none."""

    topic: str | None
    count: int
    examples: tuple[Question, ...]
    """The latest ones of different wording."""


@dataclass
class Unanswered:
    """Gathers them while records go by; of each topic only the latest examples stay."""

    most_examples: int
    _counts: dict[str | None, int] = field(default_factory=lambda: defaultdict(int))
    _examples: dict[str | None, dict[str, Question]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, record: Record, topic: str | None = None) -> None:
        """Those of one more conversation; with ``topic`` only those near it."""
        for asked in record.asked:
            near = asked.topic or asked.nearest
            if asked.why is None or not asked.text or (topic is not None and near != topic):
                continue
            self._counts[near] += 1
            examples = self._examples[near]
            key = asked.text.casefold()
            if key not in examples or _at(examples[key]) < asked.at:
                examples[key] = Question(record.conversation, asked)
            if len(examples) > self.most_examples:
                del examples[min(examples, key=lambda each: _at(examples[each]))]

    def top(self, most: int) -> tuple[Cluster, ...]:
        """The topics with most of them, the most frequent first."""
        order = sorted(self._counts.items(), key=lambda item: (-item[1], item[0] or ""))[:most]
        return tuple(Cluster(topic, count, self._latest(topic)) for topic, count in order)

    def _latest(self, topic: str | None) -> tuple[Question, ...]:
        return tuple(sorted(self._examples[topic].values(), key=_at, reverse=True))


def _at(question: Question) -> datetime:
    return question.asked.at
