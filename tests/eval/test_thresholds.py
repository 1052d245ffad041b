"""The threshold for a wanted share of wrong answers, and how it gets into the policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.policy import POLICY_FILE, Policy
from eval.metrics import Outcome
from eval.questions import Question
from eval.thresholds import NoThreshold, chosen, curve, point, write


def outcome(wanted: str, found: str, confidence: float) -> Outcome:
    return Outcome(Question("q", "en", "text", (wanted,)), (found,), confidence, "answer", "en", 1.0)


FOUR = [outcome("a", "a", 0.9), outcome("a", "a", 0.7), outcome("a", "b", 0.5), outcome("none", "b", 0.3)]


def test_a_higher_threshold_answers_less_and_errs_less() -> None:
    low, high = point(FOUR, 0.2), point(FOUR, 0.6)
    assert (low.answered, low.wrong, low.risk) == (1.0, 0.5, 0.5)
    assert (high.answered, high.wrong, high.risk) == (pytest.approx(2 / 3), 0.0, 0.0)
    assert [each.answered for each in curve(FOUR)] == sorted((each.answered for each in curve(FOUR)), reverse=True)


@pytest.mark.parametrize(("most_wrong", "threshold"), [(0.5, 0.01), (0.25, 0.31), (0.0, 0.51)])
def test_the_lowest_threshold_that_keeps_wrong_answers_rare_is_chosen(most_wrong: float, threshold: float) -> None:
    assert chosen(FOUR, most_wrong).threshold == threshold


def test_where_no_threshold_is_enough_it_says_what_to_do() -> None:
    with pytest.raises(NoThreshold, match="better the topics"):
        chosen([outcome("a", "b", 1.0)], 0.1)


def test_only_the_threshold_is_written(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    before = POLICY_FILE.read_text(encoding="utf-8")
    path.write_text(before, encoding="utf-8")
    write(0.61, path)
    assert Policy.load(path) == Policy.load().model_copy(update={"answer_at": 0.61})
    changed = [(old, new) for old, new in zip(before.splitlines(), path.read_text("utf-8").splitlines(), strict=True)
               if old != new]  # fmt: skip
    assert len(changed) == 1
    assert changed[0][1].partition("#")[2] == changed[0][0].partition("#")[2] != ""


def test_a_policy_without_the_threshold_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("choices_at: 0.3\n", encoding="utf-8")
    with pytest.raises(ValueError, match="answer_at"):
        write(0.5, path)
    assert path.read_text(encoding="utf-8") == "choices_at: 0.3\n"
