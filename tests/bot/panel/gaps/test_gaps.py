"""Gaps of a store whose clusters are known, gathered by the shipped model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.adapters.conversations.memory import MemoryConversations
from bot.adapters.panel.sqlite import PanelFile
from bot.adapters.sqlite import IN_MEMORY
from bot.panel.gaps import GapFinder, GapRules
from bot.panel.gaps.clusters import clusters
from bot.panel.review import Correction, ReviewFile
from eval.figures_log import Talk
from indexer.build import build_index
from indexer.embedders import open_embedder
from indexer.search import Index, open_index
from tests.bot.panel.browsers import figures_over
from tests.doubles import FixedIndex, SteppingClock
from tests.small_kb import write_small_kb

CAFE = {
    "en": ("Is there a café or restaurant at the charging station?", "can I get coffee where I charge"),
    "de": ("Gibt es bei der Ladestation ein Café oder Restaurant?", "kann ich dort wo ich lade einen Kaffee bekommen"),
    "nb": ("Er det en kafé eller restaurant ved ladestasjonen?",),
    "fr": ("Y a-t-il un café ou un restaurant à la borne de recharge ?",),
}
JOB = {
    "en": ("I would like to apply for a job at your company",),
    "it": ("Vorrei candidarmi per un lavoro nella vostra azienda",),
    "fr": ("Je voudrais postuler pour un emploi dans votre entreprise",),
}
NOW = SteppingClock().now()
Find = Callable[..., GapFinder]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The small knowledge base with the shipped model."""
    folder = tmp_path_factory.mktemp("gaps")
    build_index(write_small_kb(folder / "kb"), folder / "index", open_embedder())
    return open_index(folder / "index", open_embedder())


@pytest.fixture
def finder(index: Index, tmp_path: Path) -> Find:
    """Finds gaps in these conversations and corrections."""

    def finder(talks: Sequence[Talk], corrections: Sequence[Correction] = (), **rules: object) -> GapFinder:
        store, clock = MemoryConversations(), SteppingClock()
        for talk in talks:
            talk.keep(store)
        figures = figures_over(store, PanelFile(IN_MEMORY), clock)
        review = ReviewFile(tmp_path / "review.jsonl")
        for each in corrections:
            review.add(each)
        shipped = GapRules.load().model_copy(update=rules)
        found = GapFinder(figures.records, figures.follower, review, FixedIndex(index), clock, shipped)
        found.catch_up()
        return found

    return finder


def asked(texts: dict[str, tuple[str, ...]], days_ago: float, prefix: str) -> list[Talk]:
    return [
        Talk(f"{prefix}-{language}-{number}", NOW - timedelta(days=days_ago), language).asks(text, "", "none")
        for language, several in texts.items()
        for number, text in enumerate(several)
    ]


def test_questions_of_many_languages_are_one_gap(finder: Find) -> None:
    report = finder([*asked(CAFE, 3, "cafe"), *asked(JOB, 2, "job")]).find()
    assert [gap.count for gap in report.gaps] == [6, 3]
    assert report.gaps[0].languages == {"de": 2, "en": 2, "fr": 1, "nb": 1}
    assert report.gaps[1].languages == {"en": 1, "fr": 1, "it": 1}
    assert {each.text for each in report.gaps[1].examples} == {text for texts in JOB.values() for text in texts}
    assert (report.questions, report.small, report.left_out) == (9, 0, 0)


def test_the_examples_are_of_as_many_languages_as_there_is_room_for(finder: Find) -> None:
    (gap,) = finder(asked(CAFE, 3, "cafe"), most_examples=4).find().gaps
    assert {each.language for each in gap.examples} == {"en", "de", "nb", "fr"}


def test_the_period_is_compared_with_the_one_before(finder: Find) -> None:
    talks = [*asked(CAFE, 3, "now"), *asked({"en": CAFE["en"]}, 40, "before"), *asked(JOB, 70, "long-ago")]
    report = finder(talks).find()
    assert [(gap.count, gap.before, gap.trend) for gap in report.gaps] == [(6, 2, 4)]
    assert (report.questions, report.questions_before) == (6, 2)


def test_a_longer_period_reaches_further_back(finder: Find) -> None:
    report = finder([*asked(CAFE, 3, "cafe"), *asked(JOB, 70, "job")]).find(NOW - timedelta(days=80))
    assert [(gap.count, gap.before) for gap in report.gaps] == [(6, 0), (3, 0)]


def test_the_nearest_article_is_named(finder: Find) -> None:
    talks = [
        Talk(f"t{number}", NOW - timedelta(days=1), language).asks(text, "", "choices")
        for number, (language, text) in enumerate(
            [
                ("en", "the plug cannot be pulled out of the car"),
                ("de", "der Stecker lässt sich nicht aus dem Auto ziehen"),
            ]
        )
    ]
    (gap,) = finder(talks).find().gaps
    assert gap.topic == "cable-stuck"
    assert 0.4 < gap.similarity <= 1
    assert gap.reasons == {"choices": 2}


def test_a_single_question_is_listed_where_it_is_asked_for(finder: Find) -> None:
    found = finder(asked({"en": CAFE["en"][:1]}, 1, "one"))
    assert found.find().gaps == ()
    assert found.find().small == 1
    assert [gap.count for gap in found.find(smallest=1).gaps] == [1]


def test_what_agents_corrected_is_a_gap_too(finder: Find) -> None:
    corrections = [
        Correction(
            at=NOW - timedelta(days=1), by="kari", conversation=f"c{number}", message="m", language=language,
            text=f"{text} 40711", was="remote-restart", topic="cable-stuck",
        )
        for number, (language, text) in enumerate([("en", CAFE["en"][0]), ("de", CAFE["de"][0])])
    ]  # fmt: skip
    (gap,) = finder([], corrections).find().gaps
    assert gap.reasons == {"mistaken": 2}
    assert not any(char.isdigit() for each in gap.examples for char in each.text)


def test_questions_that_differ_in_numbers_alone_are_one_text(finder: Find) -> None:
    talks = [Talk(f"n{n}", NOW - timedelta(days=1)).asks(f"move {n}{n}{n} to my son", "", "none") for n in range(3)]
    (gap,) = finder(talks, most_lines=1).find().gaps
    assert (gap.count, [each.text for each in gap.examples]) == (3, ["move # to my son"])


def test_of_too_many_the_oldest_are_left_out_and_told_of(finder: Find) -> None:
    report = finder([*asked(CAFE, 3, "cafe"), *asked(JOB, 1, "job")], most_lines=3).find()
    assert report.left_out == 6
    assert [gap.count for gap in report.gaps] == [3]


def test_without_questions_there_are_no_gaps(finder: Find) -> None:
    report = finder([Talk("a", NOW).asks("stuck")]).find()
    assert (report.questions, report.gaps) == (0, ())


def test_the_same_store_gives_the_same_report(finder: Find) -> None:
    talks = [*asked(CAFE, 3, "cafe"), *asked(JOB, 2, "job")]
    assert finder(talks).find() == finder(talks[::-1]).find()


def test_groups_are_joined_by_what_they_have_in_common_on_average() -> None:
    angles = np.radians([0, 10, 20, 90, 100])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert [rows.tolist() for rows in clusters(vectors, 0.9)] == [[0, 1, 2], [3, 4]]
    assert [rows.tolist() for rows in clusters(vectors[:1], 0.9)] == [[0]]
    assert clusters(vectors[:0], 0.9) == []
