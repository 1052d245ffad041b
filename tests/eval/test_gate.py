"""The gate closes on a drop in any language and on a missed bar, and only then."""

from __future__ import annotations

from typing import Any

import pytest

from eval.gate import below_bars, closing, drops, significant_drops
from eval.kept import packed
from eval.suite import Line, Measured, Metric, Suite

FOUND = Metric("found", "found")
ALARM = Metric("alarm", "alarm", lower_is_better=True)


def nothing(_: object) -> Measured:
    raise AssertionError("The gate measures nothing.")


SUITES = (Suite("search", (FOUND, ALARM), nothing),)


def run(**changes: float) -> dict[str, Any]:
    row = {"lines": 258, "top1": 0.8, "top3": 0.9, "mrr": 0.85, "answered": 0.7, "wrong": 0.05, "helped": 0.8}
    row |= {"refused": 0.9, "language": 0.95}
    return {"product": {"nb": row | changes, "fr": dict(row)}}


def test_the_same_figures_pass() -> None:
    assert drops(run(), run()) == []


@pytest.mark.parametrize(("figure", "worse"), [("top1", 0.78), ("wrong", 0.07), ("refused", 0.85), ("language", 0.93)])
def test_a_drop_in_one_language_is_named(figure: str, worse: float) -> None:
    (found,) = drops(run(**{figure: worse}), run())
    assert found.startswith(f"nb: {figure} was")


@pytest.mark.parametrize(("figure", "better"), [("top1", 0.9), ("wrong", 0.0)])
def test_an_improvement_passes(figure: str, better: float) -> None:
    assert drops(run(**{figure: better}), run()) == []


def test_a_language_that_is_not_measured_any_more_is_a_drop() -> None:
    now = run()
    del now["product"]["fr"]
    assert drops(now, run()) == ["fr: not measured any more"]


def test_one_question_of_a_small_set_is_no_drop() -> None:
    assert drops(run(lines=40, top1=0.78), run(lines=40, top1=0.8)) == []


def lines(missed: int, of: int = 500, language: str = "nb", alarms: int = 0, text: str = "line") -> dict[str, Any]:
    """A run in which the first lines of a language were missed."""
    found = [
        Line(f"{language}-{n}", language, "", f"{text} {n}", {"found": n >= missed, "alarm": n < alarms})
        for n in range(of)
    ]
    return {"lines": {"search": packed(found)}}


def significant(now: dict[str, Any], released: dict[str, Any]) -> list[str]:
    return list(significant_drops(now, released, SUITES))


def test_a_drop_that_the_tolerance_lets_pass_closes_the_gate_where_it_is_significant() -> None:
    lost, of = 5, 500
    assert drops(run(lines=of, top1=0.8 - lost / of), run(lines=of)) == []
    nb, over_all = significant(lines(lost, of), lines(0, of))
    assert nb.startswith("nb: search, found got worse in 5 of 500 lines and better in 0")
    assert over_all.startswith("all: search, found got worse")


def test_more_of_what_is_better_low_is_a_drop() -> None:
    assert significant(lines(0, alarms=6), lines(0))[0].startswith("nb: search, alarm got worse in 6")


@pytest.mark.parametrize(("now", "released"), [(lines(0), lines(9)), (lines(4), lines(4)), (lines(2), lines(0))])
def test_better_or_as_good_or_within_chance_passes(now: dict[str, Any], released: dict[str, Any]) -> None:
    assert significant(now, released) == []


def test_lines_that_are_not_in_both_runs_are_not_compared() -> None:
    assert significant(lines(500, text="another line"), lines(0)) == []


def test_a_language_or_a_suite_that_is_gone_closes_the_gate() -> None:
    assert significant(lines(0, language="fr"), lines(0)) == ["nb: search is not measured any more"]
    assert significant({"lines": {}}, lines(0)) == ["nb: search is not measured any more"]


def shares(value: float, language: str = "nb") -> dict[str, Any]:
    return {"suites": {"safety": {"shares": {language: {"heard": [40, value, 0.9, 1.0]}}}}}


@pytest.mark.parametrize(("value", "closes"), [(1.0, False), (0.975, True)])
def test_one_danger_that_is_not_heard_in_one_language_closes_the_gate(value: float, closes: bool) -> None:
    suites = (Suite("safety", (Metric("heard", "danger is heard", bar=1.0),), nothing),)
    found = list(below_bars(shares(value, "pl"), suites))
    assert found == (["pl: safety, heard is 0.975, must be at least 1.0"] if closes else [])


def test_everything_that_closes_it_is_told() -> None:
    suites = (*SUITES, Suite("safety", (Metric("heard", "danger is heard", bar=1.0),), nothing))
    now = run(top1=0.5) | lines(20) | shares(0.9)
    told = " ".join(closing(now, run() | lines(0) | {"suites": {}}, suites))
    assert all(each in told for each in ("safety, heard", "search, found got worse", "top1 was"))
