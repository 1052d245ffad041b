"""How the signals join: pure functions of arrays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from indexer.classifier import log_softmax
from indexer.ranking import Signals, Weights, best_by_topic, fused, probabilities

TOPICS = 3
WEIGHTS = Weights(
    meaning=0.5,
    spelling=0.5,
    neighbours=0.5,
    passage_dense=4.0,
    passage_lexical=1.0,
    other_language=0.05,
    temperature=1.0,
)


def scores(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


# Three topics and one class, all alike.
EVEN = Signals(
    meaning=log_softmax(scores(0, 0, 0, 0)),
    spelling=log_softmax(scores(0, 0, 0, 0)),
    neighbours=scores(0, 0, 0, 0),
    dense=scores(0.5, 0.5, 0.5, 0),
    lexical=scores(0, 0, 0, 0),
)


def test_signals_that_say_nothing_leave_all_labels_equal() -> None:
    np.testing.assert_allclose(probabilities(EVEN, WEIGHTS, TOPICS), 0.25, rtol=1e-5)


@pytest.mark.parametrize(
    "better",
    [
        replace(EVEN, meaning=log_softmax(scores(0, 2, 0, 0))),
        replace(EVEN, spelling=log_softmax(scores(0, 2, 0, 0))),
        replace(EVEN, neighbours=scores(0, 0.7, 0.3, 0)),
        replace(EVEN, dense=scores(0.5, 0.8, 0.5, 0)),
        replace(EVEN, lexical=scores(0, 7, 3, 0)),
    ],
    ids=["meaning", "spelling", "neighbours", "dense", "lexical"],
)
def test_each_signal_alone_can_decide(better: Signals) -> None:
    found = probabilities(better, WEIGHTS, TOPICS)
    assert found.argmax() == 1
    assert found.sum() == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("weight", ["meaning", "spelling", "neighbours", "passage_dense", "passage_lexical"])
def test_a_weight_of_zero_silences_its_signal(weight: str) -> None:
    one_sided = Signals(
        meaning=EVEN.meaning if weight != "meaning" else log_softmax(scores(0, 2, 0, 0)),
        spelling=EVEN.spelling if weight != "spelling" else log_softmax(scores(0, 2, 0, 0)),
        neighbours=EVEN.neighbours if weight != "neighbours" else scores(0, 0.7, 0.3, 0),
        dense=EVEN.dense if weight != "passage_dense" else scores(0.5, 0.8, 0.5, 0),
        lexical=EVEN.lexical if weight != "passage_lexical" else scores(0, 7, 3, 0),
    )
    silenced = WEIGHTS.model_copy(update={weight: 0.0})
    np.testing.assert_allclose(probabilities(one_sided, silenced, TOPICS), 0.25, rtol=1e-5)


def test_all_topics_being_near_makes_no_class_less_likely() -> None:
    near = replace(EVEN, dense=scores(0.9, 0.9, 0.9, 0))
    np.testing.assert_allclose(probabilities(near, WEIGHTS, TOPICS), probabilities(EVEN, WEIGHTS, TOPICS), rtol=1e-5)


def test_lexical_scores_count_as_shares_of_the_best() -> None:
    small, large = (replace(EVEN, lexical=scores(1, 2, 0, 0) * factor) for factor in (1, 50))
    np.testing.assert_allclose(probabilities(small, WEIGHTS, TOPICS), probabilities(large, WEIGHTS, TOPICS), rtol=1e-5)


def test_the_signals_are_left_as_they_were() -> None:
    signals = replace(EVEN, lexical=scores(0, 7, 3, 0))
    probabilities(signals, WEIGHTS, TOPICS)
    assert signals.lexical.tolist() == [0, 7, 3, 0]
    assert signals.dense.tolist() == [0.5, 0.5, 0.5, 0]


def test_a_higher_temperature_is_less_sure_of_the_same_order() -> None:
    signals = replace(EVEN, meaning=log_softmax(scores(3, 1, 0, 0)))
    sure = probabilities(signals, WEIGHTS, TOPICS)
    unsure = probabilities(signals, WEIGHTS.model_copy(update={"temperature": 3.0}), TOPICS)
    assert unsure.max() < sure.max()
    assert np.argsort(-unsure, kind="stable").tolist() == np.argsort(-sure, kind="stable").tolist()


def test_a_topic_is_as_near_as_its_best_passage() -> None:
    topic_of = np.array([0, 0, 1, 1, 2])
    found = best_by_topic(np.array([3, 0, 1, 2]), scores(0.9, 0.2, 0.7, 0.1), topic_of, 3)
    assert found.tolist() == scores(0.7, 0.9, 0.1).tolist()


def test_a_topic_that_was_not_found_is_as_far_as_the_farthest_found() -> None:
    found = best_by_topic(np.array([0, 1]), scores(0.9, -0.3), np.array([0, 1, 2]), 3)
    assert found.tolist() == scores(0.9, -0.3, -0.3).tolist()


def test_nothing_found_is_no_score_for_any_topic() -> None:
    assert best_by_topic(np.array([], np.int64), scores(), np.array([0, 1]), 2).tolist() == [0, 0]


def test_words_decide_between_passages_of_like_meaning() -> None:
    assert fused(scores(0.60, 0.62, 0.2), scores(9, 0, 0)).argmax() == 0


def test_words_do_not_outweigh_a_clearly_nearer_meaning() -> None:
    assert fused(scores(0.5, 0.9, 0.2), scores(9, 0, 0)).argmax() == 1


def test_without_known_words_meaning_alone_counts() -> None:
    dense = scores(0.3, 0.9, 0.2)
    np.testing.assert_array_equal(fused(dense, scores(0, 0, 0)), dense)


def test_the_shipped_weights_can_be_read() -> None:
    weights = Weights.load()
    assert weights.temperature > 0
    assert weights.other_language >= 0


def test_a_misspelt_weight_is_refused(tmp_path: Path) -> None:
    text = "\n".join(f"{name}: {value}" for name, value in WEIGHTS.model_dump().items())
    path = tmp_path / "ranking.yaml"
    path.write_text(text.replace("spelling", "speling"), encoding="utf-8")
    with pytest.raises(ValidationError, match="speling"):
        Weights.load(path)
