"""Whether languages agree, on cases small enough to count by hand; and the parallel questions that ship."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from eval.consistency import MAIN, Consistency, consistency, parallel_questions
from eval.questions import NONE, Question
from indexer.knowledge import ARTICLE_LANGUAGES, DRIVER_LANGUAGES
from tests.eval.test_questions import TOPICS

ALL_EQUAL = {"en": "a", "fr": "a", "de": "a"}
ALL_DIFFERENT = {"en": "a", "fr": "b", "de": "c"}
ONE_APART = {"en": "a", "fr": "a", "de": "c"}


@pytest.mark.parametrize(
    ("found", "pairs", "whole"),
    [
        ([ALL_EQUAL], 1.0, 1.0),
        ([ALL_DIFFERENT], 0.0, 0.0),
        ([ONE_APART], 1 / 3, 0.0),
        ([ALL_EQUAL, ALL_DIFFERENT], 0.5, 0.5),
        ([ALL_EQUAL, ONE_APART], 2 / 3, 0.5),
    ],
)
def test_agreement_is_counted_by_pairs_and_by_whole_questions(
    found: list[dict[str, str]], pairs: float, whole: float
) -> None:
    result = consistency(found, ("en", "fr", "de"))
    assert (result.pairs, result.whole) == pytest.approx((pairs, whole))


def test_only_the_languages_asked_for_count() -> None:
    assert consistency([ONE_APART], ("en", "fr")) == Consistency(1.0, 1.0)


def test_the_article_languages_are_asked_for_by_default() -> None:
    assert MAIN == ARTICLE_LANGUAGES


def test_a_block_is_one_question_in_several_languages(tmp_path: Path) -> None:
    (tmp_path / "cable.txt").write_text("en: stuck\nde: klemmt\n\nen: no way out\n", encoding="utf-8")
    assert parallel_questions(tmp_path) == [
        [Question("cable-1-en", "en", "stuck", ("cable",)), Question("cable-1-de", "de", "klemmt", ("cable",))],
        [Question("cable-2-en", "en", "no way out", ("cable",))],
    ]


def test_every_topic_is_asked_at_least_three_times() -> None:
    counts = Counter(block[0].topics[0] for block in parallel_questions())
    assert {topic: counts[topic] for topic in TOPICS if counts[topic] < 3} == {}


def test_every_question_is_asked_in_all_eleven_languages() -> None:
    wanted = set(DRIVER_LANGUAGES)
    assert [block[0].id for block in parallel_questions() if {each.language for each in block} != wanted] == []


def test_only_known_topics_are_wanted() -> None:
    assert {topic for block in parallel_questions() for each in block for topic in each.topics} == TOPICS | {NONE}


def test_what_no_topic_answers_is_out_of_scope() -> None:
    outside = [each for block in parallel_questions() for each in block if each.out_of_scope]
    assert {each.id.rsplit("-", 2)[0] for each in outside} == {NONE}


def test_no_line_is_asked_twice_in_a_language() -> None:
    counts = Counter((each.language, each.text) for block in parallel_questions() for each in block)
    assert [line for line, count in counts.items() if count > 1] == []
