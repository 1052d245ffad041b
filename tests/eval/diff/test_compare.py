"""Which answers got better or worse, and when that is more than chance."""

from __future__ import annotations

import pytest

from eval.diff.answers import Answer
from eval.diff.compare import Change, by_language, changes
from eval.questions import Question

RIGHT = Answer("answer", ("cable-stuck",), ("en/cable-stuck#lead",))
OTHER_SECTION = Answer("answer", ("cable-stuck",), ("en/cable-stuck#lead", "en/cable-stuck#winter"))
WRONG = Answer("answer", ("lost-pass",), ("en/lost-pass#lead",))
OFFERED = Answer("choices", ("lost-pass", "cable-stuck"), ())
OFFERED_OTHERS = Answer("choices", ("lost-pass", "order-pass"), ())
NOTHING = Answer("none", (), ())


def question(id: str = "q", language: str = "en", topics: tuple[str, ...] = ("cable-stuck",)) -> Question:
    return Question(id, language, "the plug is stuck", topics)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (RIGHT, WRONG, "worse"),
        (RIGHT, OFFERED, "worse"),
        (RIGHT, NOTHING, "worse"),
        (OFFERED, NOTHING, "worse"),
        (NOTHING, WRONG, "worse"),
        (WRONG, NOTHING, "better"),
        (NOTHING, OFFERED, "better"),
        (OFFERED, RIGHT, "better"),
        (RIGHT, OTHER_SECTION, "neutral"),
        (NOTHING, OFFERED_OTHERS, "neutral"),
    ],
)
def test_a_change_is_judged_by_the_label(before: Answer, after: Answer, verdict: str) -> None:
    assert Change(question(), before, after).verdict == verdict


def test_of_what_no_topic_answers_an_answer_is_worse_and_declining_is_right() -> None:
    outside = question(topics=("none",))
    assert Change(outside, NOTHING, WRONG).verdict == "worse"
    assert Change(outside, OFFERED, NOTHING).verdict == "neutral"
    assert Change(question(topics=("none", "cable-stuck")), NOTHING, RIGHT).verdict == "better"


def test_only_what_differs_is_a_change_and_what_got_worse_comes_first() -> None:
    questions = [question(id) for id in "abc"]
    before = {"a": NOTHING, "b": RIGHT, "c": RIGHT}
    after = {"a": RIGHT, "b": RIGHT, "c": WRONG}
    assert [(each.question.id, each.verdict) for each in changes(questions, before, after)] == [
        ("c", "worse"), ("a", "better")
    ]  # fmt: skip


def all_worse(count: int, better: int = 0, language: str = "de") -> tuple[list[Question], list[Change]]:
    questions = [question(f"w{n}", language) for n in range(count + better)]
    found = [Change(each, RIGHT, WRONG) for each in questions[:count]]
    return questions, found + [Change(each, WRONG, RIGHT) for each in questions[count:]]


@pytest.mark.parametrize(
    ("worse", "better", "significant"), [(4, 0, False), (5, 0, True), (5, 2, False), (0, 9, False)]
)
def test_a_language_is_significantly_worse_where_chance_does_not_explain_it(
    worse: int, better: int, significant: bool
) -> None:
    questions, found = all_worse(worse, better)
    assert by_language(questions, found)["de"].significantly_worse is significant


def test_what_one_language_loses_is_not_hidden_by_what_another_gains() -> None:
    questions, found = all_worse(6)
    gained, more = all_worse(0, 9, "fr")
    rows = by_language([*questions, *gained], [*found, *more])
    assert (rows["de"].significantly_worse, rows["fr"].significantly_worse, rows["all"].significantly_worse) == (
        True, False, False
    )  # fmt: skip
    assert (rows["de"].changed, rows["all"].lines) == (6, 15)
