"""The result as Markdown. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from eval.bench import percentile
from eval.comparison.measure import Measured
from eval.metrics import Figures, Outcome, by_language, figures, is_wrong

COVERAGE = 0.75
"""Share of the questions within scope at which wrong answers are compared: near what the product answers."""
SHARES = {"top1": "Top-1", "top3": "Top-3", "mrr": "MRR"}


@dataclass(frozen=True)
class Row:
    """A system and what it made of all questions."""

    title: str
    with_utterances: bool
    measured: Measured


def wrong_at(outcomes: Sequence[Outcome], coverage: float) -> float:
    """Share of all lines that get a wrong answer when the surest are answered, until ``coverage`` of those within
    scope are. NaN where there is none within scope.

    The threshold is chosen on the very lines that are measured, for every system alike.
    """
    inside = sorted((each.confidence for each in outcomes if not each.question.out_of_scope), reverse=True)
    if not inside:
        return math.nan
    least = inside[min(len(inside), math.ceil(coverage * len(inside))) - 1]
    surest = [replace(each, decision="answer") for each in outcomes if each.confidence >= least]
    return sum(map(is_wrong, surest)) / len(outcomes)


def summary(rows: Sequence[Row], part: slice) -> list[str]:
    """One line a system over a part of the questions, in all languages."""
    lines = [
        "| system | utterances | top-1 | top-3 | MRR | answered | wrong | "
        f"wrong at {COVERAGE:.0%} | p50 ms | p95 ms | CPU ms | MB |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        mine = row.measured.outcomes[part]
        found = figures(mine)
        times = [each.milliseconds for each in mine]
        decided = (found.answered, found.wrong) if row.measured.abstains else (math.nan, math.nan)
        cells = [*map(_share, (found.top1, found.top3, found.mrr, *decided, wrong_at(mine, COVERAGE)))]
        cells += [f"{percentile(times, 0.5):.1f}", f"{percentile(times, 0.95):.1f}"]
        cells += [f"{row.measured.busy_ms:.1f}", f"{row.measured.megabytes:.0f}"]
        lines.append(_line(_named(row), *cells))
    return lines


def languages(rows: Sequence[Row], part: slice, share: str) -> list[str]:
    """One line a system, one column a language, of one of :data:`SHARES`."""
    tables: list[tuple[Row, Mapping[str, Figures]]] = [(row, by_language(row.measured.outcomes[part])) for row in rows]
    codes = list(tables[0][1])
    lines = [_line([SHARES[share], "utterances"], *codes), "|---|---|" + "---|" * len(codes)]
    lines += [_line(_named(row), *(_share(getattr(found[code], share)) for code in codes)) for row, found in tables]
    return lines


def _named(row: Row) -> list[str]:
    return [row.title, "yes" if row.with_utterances else "no"]


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"


def _line(first: Sequence[str], *cells: str) -> str:
    return f"| {' | '.join((*first, *cells))} |"
