"""The gate closes on a drop in any language, and only then."""

from __future__ import annotations

from typing import Any

import pytest

from eval.results import drops


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
