"""What a suite is: lines with marks, metrics with a meaning, and shares by language and by topic."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from tqdm import tqdm

from bot.assembly import Services
from bot.settings import Settings
from eval.metrics import Outcome
from eval.questions import own_questions
from eval.statistics import Share, share
from eval.systems import run_product

T = TypeVar("T")
ALL = "all"


@dataclass(frozen=True)
class Metric:
    """A share of the lines that have the mark of its name.

    ``bar``: what every language must reach, or stay at or under where lower is better; None: only compared with the
    released result.
    """

    name: str
    meaning: str
    lower_is_better: bool = False
    bar: float | None = None

    def passes(self, value: float) -> bool:
        """Whether the bar is met."""
        if self.bar is None:
            return True
        return value <= self.bar if self.lower_is_better else value >= self.bar


@dataclass(frozen=True)
class Line:
    """One measured line. ``marks``: by metric whether it holds; a metric that does not apply has no mark.

    ``id`` is unique in its suite. ``note``: what came out, in words for a developer.
    """

    id: str
    language: str
    topic: str
    text: str
    marks: Mapping[str, bool]
    note: str = ""


@dataclass(frozen=True)
class Measured:
    """What a suite found; ``figures`` are plain values for the report that are no shares of lines."""

    lines: tuple[Line, ...]
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """What suites measure: the product, opened over the demo world, nothing of it kept.

    ``fast``: a subset that is spread over each set.
    """

    services: Services
    settings: Settings
    fast: bool = False

    @cached_property
    def own(self) -> list[Outcome]:
        """The project's own questions through the product; several suites look at them."""
        questions = self.some(own_questions(), lambda each: each.language, 20)
        return run_product(self.services.conversations, self.track(questions, "questions"))

    def track(self, items: Sequence[T], what: str) -> Iterator[T]:
        """The items, with a progress bar where standard error is a terminal."""
        yield from tqdm(items, desc=f"{what:>13}", file=sys.stderr, disable=None, leave=False)

    def some(self, items: Sequence[T], language: Callable[[T], str], few: int, many: int | None = None) -> list[T]:
        """The items in their order: in the fast run at most ``few`` a language, else at most ``many``, None: all."""
        most = few if self.fast else many
        return list(items) if most is None else spread(items, language, most)


def spread(items: Sequence[T], language: Callable[[T], str], most: int) -> list[T]:
    """At most so many items of each language, evenly over its list: its topics stand one after another."""
    groups: dict[str, list[int]] = {}
    for number, each in enumerate(items):
        groups.setdefault(language(each), []).append(number)
    kept: set[int] = set()
    for numbers in groups.values():
        count = min(most, len(numbers))
        kept.update(numbers[step * len(numbers) // count] for step in range(count))
    return [items[number] for number in sorted(kept)]


@dataclass(frozen=True)
class Suite:
    """One thing that is measured. ``released``: whether each line's marks are kept for comparing with later runs."""

    name: str
    metrics: tuple[Metric, ...]
    measure: Callable[[Setting], Measured]
    released: bool = True


def shares(lines: Iterable[Line], metrics: Sequence[Metric]) -> dict[str, dict[str, Share]]:
    """By language, in the order of first appearance, then ``all``; by metric."""
    found = list(lines)
    languages = dict.fromkeys(line.language for line in found)
    rows = {name: _row([line for line in found if line.language == name], metrics) for name in languages}
    return rows | {ALL: _row(found, metrics)}


def topic_shares(lines: Iterable[Line], metrics: Sequence[Metric]) -> dict[str, dict[str, Share]]:
    """By topic, in alphabetical order; by metric."""
    found = list(lines)
    topics = sorted({line.topic for line in found if line.topic})
    return {name: _row([line for line in found if line.topic == name], metrics) for name in topics}


def misses(lines: Iterable[Line], metrics: Sequence[Metric]) -> list[tuple[Metric, Line]]:
    """The lines that keep a metric from its bar, where a single one does: a bar of all or none."""
    strict = [each for each in metrics if each.bar == (0.0 if each.lower_is_better else 1.0)]
    return [(each, line) for each in strict for line in lines if line.marks.get(each.name) is each.lower_is_better]


def _row(lines: Sequence[Line], metrics: Sequence[Metric]) -> dict[str, Share]:
    marks = {each.name: [line.marks[each.name] for line in lines if each.name in line.marks] for each in metrics}
    return {name: share(found) for name, found in marks.items() if found}
