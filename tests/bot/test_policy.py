"""When to answer, when to offer choices, when to say that one does not know: each branch at its threshold."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from bot.policy import Policy, decide
from bot.types import Decision
from tests.doubles import an_understanding

POLICY = Policy(
    answer_at=0.5,
    second_problem_at=0.6,
    choices_at=0.4,
    choice_at=0.1,
    most_choices=3,
    out_of_scope_at=0.6,
    small_talk_at=0.7,
    language_sure_at=0.8,
    language_flip_at=0.97,
    language_guess_at=0.4,
)
A_BIT = 0.001


def decided(*scores: float, **classes: float) -> Decision:
    """The decision where the topics a, b, c … have these scores; the confidence is the first one's."""
    topics = tuple({"id": name, "score": score} for name, score in zip("abcdef", scores, strict=False))
    named = {name.replace("_", "-"): chance for name, chance in classes.items()}
    return decide(an_understanding(topics=topics, confidence=scores[0], classes=named), POLICY)


def test_a_topic_is_answered_from_its_threshold_on() -> None:
    assert (decided(0.5).kind, decided(0.5).topics) == ("answer", ("a",))
    assert decided(0.5 - A_BIT).kind == "none"


def test_it_is_the_confidence_that_decides_and_not_the_probability() -> None:
    topics = ({"id": "a", "score": 0.9},)
    assert decide(an_understanding(topics=topics, confidence=0.1), POLICY).kind == "none"
    assert decide(an_understanding(topics=topics, confidence=0.5), POLICY).kind == "answer"


def test_only_the_best_topic_is_answered() -> None:
    decision = decided(0.52, 0.4)
    assert (decision.topics, decision.confidence) == (("a",), 0.52)


def test_topics_are_offered_when_together_they_are_likely_enough() -> None:
    assert decided(0.25, 0.15).kind == "choices"
    assert decided(0.25, 0.15 - A_BIT).kind == "none"


def test_topics_that_are_not_offered_count_towards_what_is_likely_together() -> None:
    assert decided(0.2, 0.15, 0.06).topics == ("a", "b")


def test_a_topic_is_offered_from_its_threshold_on() -> None:
    assert decided(0.4, 0.3, 0.1).topics == ("a", "b", "c")
    assert decided(0.4, 0.3, 0.1 - A_BIT).topics == ("a", "b")


def test_beside_a_single_likely_topic_the_next_one_is_offered() -> None:
    """A driver who is almost understood is not told that nothing is known."""
    assert decided(0.5 - A_BIT, 0.1 - A_BIT, 0.05).topics == ("a", "b")


def test_one_topic_alone_is_no_choice() -> None:
    assert decided(0.5 - A_BIT).kind == "none"


def test_no_more_topics_are_offered_than_fit_a_phone() -> None:
    assert decided(0.2, 0.2, 0.2, 0.2).topics == ("a", "b", "c")


def test_what_is_out_of_scope_from_its_threshold_on_gets_no_choices() -> None:
    assert decided(0.2, 0.2, out_of_scope=0.6).kind == "none"
    assert decided(0.2, 0.2, out_of_scope=0.6 - A_BIT).kind == "choices"


def test_a_likely_topic_wins_over_out_of_scope() -> None:
    assert decided(0.5, out_of_scope=0.9).kind == "answer"


@pytest.mark.parametrize("kind", ["greeting", "thanks"])
def test_small_talk_is_answered_as_such_from_its_threshold_on(kind: str) -> None:
    assert (decided(0.5, **{kind: 0.7}).kind, decided(0.5, **{kind: 0.7}).topics) == (kind, ())
    assert decided(0.5, **{kind: 0.7 - A_BIT}).kind == "answer"


@pytest.mark.parametrize(
    "decision",
    [decided(0.9), decided(0.2, 0.2), decided(0.1), decided(0.1, out_of_scope=0.9), decided(0.1, greeting=0.9)],
    ids=lambda decision: decision.reason,
)
def test_every_decision_gives_a_reason_and_a_probability(decision: Decision) -> None:
    assert decision.reason
    assert 0 <= decision.confidence <= 1


def test_the_shipped_thresholds_leave_room_for_each_branch() -> None:
    policy = Policy.load()
    assert 0 < policy.choice_at < policy.choices_at < policy.answer_at < 1
    assert 2 <= policy.most_choices <= 3
    assert all(0 < share < 1 for share in (policy.out_of_scope_at, policy.small_talk_at, policy.language_sure_at))


@pytest.mark.parametrize("wrong", [{"answer_at": "often"}, {"answer_at": None}, {"anwser_at": 0.5}], ids=str)
def test_a_wrong_threshold_is_refused_by_its_name(tmp_path: Path, wrong: dict[str, object]) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(yaml.safe_dump(POLICY.model_dump() | wrong), encoding="utf-8")
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        Policy.load(path)
