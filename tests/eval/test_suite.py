"""Lines, shares, subsets, what is kept of them, and parity."""

from __future__ import annotations

import pytest

from eval.kept import packed, side_by_side
from eval.parity import parity
from eval.suite import Line, Metric, misses, shares, spread, topic_shares
from eval.suites import SUITES

FOUND, TAKEN = Metric("found", "found"), Metric("taken", "taken", lower_is_better=True)


def line(number: int, language: str, topic: str = "a", text: str = "text", **marks: bool) -> Line:
    return Line(f"{language}-{number}", language, topic, f"{text} {number}", marks)


LINES = [
    line(1, "nb", found=True),
    line(2, "nb", "b", found=False),
    line(1, "fr", found=True),
    line(2, "fr", taken=True),
]


def test_a_share_is_over_the_lines_that_have_the_mark() -> None:
    rows = shares(LINES, (FOUND, TAKEN))
    assert list(rows) == ["nb", "fr", "all"]
    assert (rows["nb"]["found"].value, rows["fr"]["found"].lines, rows["all"]["found"].lines) == (0.5, 1, 3)
    assert "taken" not in rows["nb"]


def test_topics_have_rows_of_their_own() -> None:
    assert {name: row["found"].lines for name, row in topic_shares(LINES, (FOUND,)).items()} == {"a": 2, "b": 1}


@pytest.mark.parametrize(
    ("metric", "value", "passes"),
    [(FOUND, 0.0, True), (Metric("m", "m", bar=0.9), 0.9, True), (Metric("m", "m", bar=0.9), 0.89, False),
     (Metric("m", "m", lower_is_better=True, bar=0.0), 0.01, False)],
)  # fmt: skip
def test_a_bar_is_met_at_its_value(metric: Metric, value: float, passes: bool) -> None:
    assert metric.passes(value) is passes


def test_lines_are_named_where_a_single_one_misses_the_bar() -> None:
    metrics = (Metric("found", "f", bar=1.0), Metric("taken", "t", lower_is_better=True, bar=0.0))
    assert [(metric.name, each.id) for metric, each in misses(LINES, metrics)] == [("found", "nb-2"), ("taken", "fr-2")]
    assert misses(LINES, (Metric("found", "f", bar=0.9), FOUND)) == []


def test_a_subset_is_spread_over_each_language() -> None:
    items = [("nb", number) for number in range(100)] + [("fr", number) for number in range(3)]
    kept = spread(items, lambda each: each[0], 4)
    assert kept == [("nb", 0), ("nb", 25), ("nb", 50), ("nb", 75), ("fr", 0), ("fr", 1), ("fr", 2)]


def test_marks_survive_being_kept() -> None:
    kept = packed(LINES)
    assert kept["nb"]["found"] == "10"
    assert kept["fr"]["found"] == "1-"
    assert side_by_side(kept["nb"], kept["nb"], "found") == ((True, False), (True, False))


def test_only_lines_of_both_runs_stand_side_by_side_whatever_their_order() -> None:
    old = packed([line(1, "nb", found=True), line(2, "nb", found=False), line(3, "nb", found=True)])["nb"]
    new = packed([line(3, "nb", found=False), line(1, "nb", found=True), line(2, "nb", text="new", found=True)])["nb"]
    assert side_by_side(old, new, "found") == ((True, True), (True, False))


def test_lines_that_cannot_be_told_apart_are_left_out() -> None:
    twice = packed([line(1, "nb", found=True), line(1, "nb", found=False), line(2, "nb", found=True)])["nb"]
    assert side_by_side(twice, twice, "found") == ((True,), (True,))


def rows(lines: int = 40, **values: float) -> dict[str, dict[str, list[float]]]:
    return {name: {"found": [lines, value, 0, 1], "taken": [lines, value, 0, 1]} for name, value in values.items()}


def test_the_gap_lies_between_the_worst_and_the_best_language() -> None:
    found = parity("search", FOUND, rows(nb=0.8, fr=0.9, pl=0.85, all=0.1))
    assert found is not None
    assert (found.worst, found.best, found.gap) == ("nb", "fr", pytest.approx(0.1))


def test_where_lower_is_better_the_worst_is_the_highest() -> None:
    found = parity("search", TAKEN, rows(nb=0.8, fr=0.9))
    assert found is not None
    assert (found.worst, found.best) == ("fr", "nb")


def test_languages_with_few_lines_are_shown_and_do_not_count() -> None:
    found = parity("search", FOUND, rows(nb=0.8, fr=0.9) | rows(5, da=0.2))
    assert found is not None
    assert (found.worst, found.values["da"]) == ("nb", 0.2)
    assert parity("search", FOUND, rows(nb=0.8)) is None


def test_suites_and_their_metrics_have_names_of_their_own() -> None:
    names = [suite.name for suite in SUITES]
    assert len(set(names)) == len(names)
    for suite in SUITES:
        metrics = [metric.name for metric in suite.metrics]
        assert len(set(metrics)) == len(metrics)
