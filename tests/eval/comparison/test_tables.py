"""The comparison's own figures and tables, on outcomes small enough to count by hand."""

from __future__ import annotations

import math

import pytest

from eval.comparison.measure import Measured
from eval.comparison.sets import spread
from eval.comparison.tables import Row, languages, summary, wrong_at
from eval.metrics import Outcome
from eval.questions import Question


def outcome(wanted: str, found: str, confidence: float, language: str = "en", decision: str = "answer") -> Outcome:
    return Outcome(Question("q", language, "text", (wanted,)), (found,), confidence, decision, language, 2.0)


SURE_AND_RIGHT, RIGHT = outcome("a", "a", 0.9), outcome("a", "a", 0.6)
WRONG, UNSURE_AND_WRONG = outcome("a", "b", 0.7), outcome("a", "b", 0.1)
STRANGE = outcome("none", "a", 0.8)


@pytest.mark.parametrize(
    ("coverage", "wrong"),
    [(0.25, 0.0), (0.5, 2 / 5), (0.75, 2 / 5), (1.0, 3 / 5)],
)
def test_wrong_answers_at_a_coverage(coverage: float, wrong: float) -> None:
    outcomes = [SURE_AND_RIGHT, WRONG, RIGHT, UNSURE_AND_WRONG, STRANGE]
    assert wrong_at(outcomes, coverage) == pytest.approx(wrong)


def test_no_coverage_without_questions_within_scope() -> None:
    assert math.isnan(wrong_at([STRANGE], 0.5))


def row(abstains: bool, *outcomes: Outcome) -> Row:
    return Row("A system", True, Measured(outcomes, abstains, 7, 1.0, 1.5, 321.4))


def test_who_cannot_abstain_has_no_share_of_answers() -> None:
    answers = [summary([row(each, SURE_AND_RIGHT, WRONG)], slice(0, 2))[-1] for each in (True, False)]
    assert answers == [
        "| A system | yes | 0.50 | 0.50 | 0.50 | 1.00 | 0.50 | 0.50 | 2.0 | 2.0 | 1.5 | 321 |",
        "| A system | yes | 0.50 | 0.50 | 0.50 | – | – | 0.50 | 2.0 | 2.0 | 1.5 | 321 |",
    ]


def test_only_the_part_that_is_asked_for_counts() -> None:
    assert summary([row(True, WRONG, SURE_AND_RIGHT)], slice(1, 2))[-1].startswith("| A system | yes | 1.00 | 1.00 |")


def test_each_language_has_a_column() -> None:
    lines = languages([row(True, SURE_AND_RIGHT, outcome("a", "b", 0.5, "nb"))], slice(0, 2), "top1")
    assert lines == [
        "| Top-1 | utterances | en | nb | all |",
        "|---|---|---|---|---|",
        "| A system | yes | 1.00 | 0.00 | 0.50 |",
    ]


def test_a_sample_is_spread_evenly_over_each_language() -> None:
    questions = [Question(str(number), "en" if number < 10 else "nb", "text", ("a",)) for number in range(12)]
    assert [each.id for each in spread(questions, 3)] == ["0", "3", "6", "10", "11"]
    assert spread(questions, None) == questions
