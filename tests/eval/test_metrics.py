"""The metrics, on outcomes small enough to count by hand."""

from __future__ import annotations

import math

import pytest

from eval.metrics import Outcome, by_language, figures, is_helped, is_wrong, reciprocal_rank
from eval.questions import Question


def outcome(
    wanted: tuple[str, ...],
    found: tuple[str, ...],
    decision: str = "answer",
    confidence: float = 0.5,
    language: str = "en",
) -> Outcome:
    return Outcome(Question("q", language, "text", wanted), found, confidence, decision, language, 1.0)


@pytest.mark.parametrize(("found", "value"), [(("a", "b"), 1.0), (("b", "a"), 0.5), (("b", "c"), 0.0)])
def test_reciprocal_rank(found: tuple[str, ...], value: float) -> None:
    assert reciprocal_rank(found, ("a",)) == value


@pytest.mark.parametrize(
    ("wanted", "found", "decision", "wrong"),
    [
        (("a",), ("a",), "answer", False),
        (("a",), ("b",), "answer", True),
        (("a",), ("b",), "choices", False),
        (("none",), ("b",), "answer", True),
        (("none",), ("b",), "none", False),
        (("none", "a"), ("b",), "answer", False),
    ],
)
def test_what_counts_as_a_wrong_answer(
    wanted: tuple[str, ...], found: tuple[str, ...], decision: str, wrong: bool
) -> None:
    assert is_wrong(outcome(wanted, found, decision)) is wrong


def test_a_right_choice_among_three_helps_and_a_fourth_does_not() -> None:
    assert is_helped(outcome(("c",), ("a", "b", "c"), "choices"))
    assert not is_helped(outcome(("d",), ("a", "b", "c", "d"), "choices"))


def test_figures_count_inside_and_outside_apart() -> None:
    row = figures(
        [
            outcome(("a",), ("a",)),
            outcome(("a",), ("b", "a"), "choices"),
            outcome(("none",), ("b",), "none"),
            outcome(("none",), ("b",), "answer"),
        ]
    )
    assert (row.top1, row.top3, row.mrr, row.answered, row.wrong, row.refused) == (0.5, 1.0, 0.75, 0.5, 0.25, 0.5)


def test_a_share_of_nothing_is_not_a_number() -> None:
    assert math.isnan(figures([outcome(("a",), ("a",))]).refused)


def test_every_language_has_a_row_and_all_comes_last() -> None:
    rows = by_language([outcome(("a",), ("a",), language="nb"), outcome(("a",), ("b",), language="fr")])
    assert list(rows) == ["nb", "fr", "all"]
    assert (rows["nb"].top1, rows["fr"].top1, rows["all"].top1) == (1.0, 0.0, 0.5)
