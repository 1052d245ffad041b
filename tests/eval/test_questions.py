"""The project's own question set is large enough and well formed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import yaml

from eval.questions import NONE, own_questions
from indexer.knowledge import ARTICLE_LANGUAGES, DRIVER_LANGUAGES

TOPICS = {
    topic["id"]
    for group in yaml.safe_load((Path(__file__).parents[2] / "kb" / "topics.yaml").read_text(encoding="utf-8"))[
        "groups"
    ]
    for topic in group["topics"]
}


def test_every_topic_is_asked_at_least_twenty_times_in_the_article_languages() -> None:
    counts = Counter(q.topics[0] for q in own_questions() if q.language in ARTICLE_LANGUAGES)
    assert {topic: counts[topic] for topic in TOPICS if counts[topic] < 20} == {}


def test_the_other_languages_have_at_least_150_questions() -> None:
    others = set(DRIVER_LANGUAGES) - set(ARTICLE_LANGUAGES)
    assert sum(q.language in others and not q.out_of_scope for q in own_questions()) >= 150


def test_at_least_300_questions_are_out_of_scope() -> None:
    assert sum(q.out_of_scope for q in own_questions()) >= 300


def test_only_known_topics_are_wanted_and_no_line_occurs_twice() -> None:
    questions = own_questions()
    assert {topic for q in questions for topic in q.topics} <= TOPICS | {NONE}
    assert [text for text, count in Counter((q.language, q.text) for q in questions).items() if count > 1] == []
