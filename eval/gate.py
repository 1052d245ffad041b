"""What closes the gate: a bar that is not met, a significant drop in any language, and any drop of some size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eval.kept import side_by_side
from eval.statistics import Change, change
from eval.suite import ALL, Metric, Suite

# A set of some 260 questions a language moves by one question when a tie falls the other way on another machine.
TOLERANCE = 0.012
"""A share of the questions may be this much worse than the released one, whether that is significant or not."""
HIGHER_IS_BETTER = ("top1", "top3", "mrr", "answered", "helped", "refused", "language")
LOWER_IS_BETTER = ("wrong",)


def closing(now: Mapping[str, Any], released: Mapping[str, Any], suites: Sequence[Suite]) -> list[str]:
    """Everything that closes the gate, in words; ``now`` and ``released`` are results as they are written."""
    return [*below_bars(now, suites), *significant_drops(now, released, suites), *drops(now, released)]


def below_bars(now: Mapping[str, Any], suites: Sequence[Suite]) -> Iterator[str]:
    """Shares that do not meet the bar of their metric, in any language."""
    for suite in suites:
        rows = now["suites"].get(suite.name, {}).get("shares", {})
        for metric in suite.metrics:
            word = "at most" if metric.lower_is_better else "at least"
            for language, row in rows.items():
                if metric.name in row and not metric.passes(row[metric.name][1]):
                    value = row[metric.name][1]
                    yield f"{language}: {suite.name}, {metric.name} is {value:.3f}, must be {word} {metric.bar}"


def significant_drops(now: Mapping[str, Any], released: Mapping[str, Any], suites: Sequence[Suite]) -> Iterator[str]:
    """Shares that are worse than the released ones by more than chance, in any language and over all."""
    for suite in suites:
        before, after = (run.get("lines", {}).get(suite.name, {}) for run in (released, now))
        yield from (f"{language}: {suite.name} is not measured any more" for language in before.keys() - after.keys())
        for metric in suite.metrics:
            for language, found in changes(before, after, metric).items():
                if found.significant:
                    yield (
                        f"{language}: {suite.name}, {metric.name} got worse in {found.worse} of {found.lines} lines "
                        f"and better in {found.better}; chance gives that in {found.chance:.3f} of cases"
                    )


def changes(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]], metric: Metric
) -> dict[str, Change]:
    """By language, and over all of them, how a metric changed in the lines that both runs measured."""
    found: dict[str, Change] = {}
    old: list[bool] = []
    new: list[bool] = []
    for language in before:
        if language in after:
            marks = side_by_side(before[language], after[language], metric.name)
            was, became = ([mark is not metric.lower_is_better for mark in each] for each in marks)
            if was:
                found[language] = change(was, became)
            old, new = old + was, new + became
    return found | ({ALL: change(old, new)} if old else {})


def drops(now: Mapping[str, Any], released: Mapping[str, Any], tolerance: float = TOLERANCE) -> list[str]:
    """Where the product is worse than the released result by more than the tolerance, in words."""
    found = []
    for language, before in released["product"].items():
        row = now["product"].get(language)
        if row is None:
            found.append(f"{language}: not measured any more")
            continue
        for key in (*HIGHER_IS_BETTER, *LOWER_IS_BETTER):
            old, new = before[key], row[key]
            if old is None or new is None:
                continue
            worse = new - old if key in LOWER_IS_BETTER else old - new
            # One question weighs more in the small sets than the tolerance.
            if worse > max(tolerance, 1.5 / before["lines"]):
                found.append(f"{language}: {key} was {old:.3f}, is {new:.3f}")
    return found
