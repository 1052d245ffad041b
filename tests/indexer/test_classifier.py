"""The topic classifier: learns from example lines, on meaning and on spelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.classifier import (
    BUCKETS,
    LONGEST_TEXT,
    TopicClassifier,
    classifier_fingerprint,
    grams,
    log_softmax,
    weighted,
)
from indexer.classifier_training import fit
from indexer.ports import Vectors
from indexer.utterances import Utterance
from tests.doubles import LetterEmbedder

LABELS = ("cable", "balance", "restart")
WORDS = {
    "cable": ("cable stuck", "plug stuck in the car", "cannot remove the cable", "the cable is locked"),
    "balance": ("balance too low", "not enough credit", "credit too low", "what is the minimum balance"),
    "restart": ("restart the charger", "reboot charger", "charger restart please", "reboot it from the portal"),
}
UTTERANCES = [Utterance("en", label, text) for label, lines in WORDS.items() for text in lines]


@pytest.fixture(scope="module")
def embedder() -> LetterEmbedder:
    return LetterEmbedder(256)


@pytest.fixture(scope="module")
def classifier(embedder: LetterEmbedder) -> TopicClassifier:
    return fit(UTTERANCES, LABELS, embedder)


def best(scores: np.ndarray) -> list[str]:
    return [LABELS[number] for number in scores.argmax(axis=1)]


def test_the_meaning_of_the_examples_is_learnt(classifier: TopicClassifier, embedder: LetterEmbedder) -> None:
    found = best(classifier.by_meaning(embedder.queries([each.text for each in UTTERANCES])))
    assert found == [each.label for each in UTTERANCES]


class Compass:
    """Places four words around a circle."""

    name, fingerprint, dimension = "compass", "compass", 2
    directions: Mapping[str, tuple[float, float]] = {"n": (0, 1), "e": (1, 0), "s": (0, -1), "w": (-1, 0)}

    def queries(self, texts: Sequence[str]) -> Vectors:
        return np.array([self.directions[text] for text in texts], np.float32)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self.queries(texts)


def test_a_topic_may_lie_in_two_places_with_another_between() -> None:
    labels = {"n": "cable", "e": "balance", "s": "cable", "w": "balance"}
    examples = [Utterance("en", label, text) for text, label in labels.items()]
    learnt = fit(examples, ("cable", "balance"), Compass())
    assert best(learnt.by_meaning(Compass().queries(list(labels)))) == list(labels.values())


def test_the_spelling_of_the_examples_is_learnt(classifier: TopicClassifier) -> None:
    assert best(classifier.by_spelling([each.text for each in UTTERANCES])) == [each.label for each in UTTERANCES]


@pytest.mark.parametrize(
    ("line", "label"), [("CABEL stuk", "cable"), ("ballance to low", "balance"), ("restrat teh chargerr", "restart")]
)
def test_a_misspelt_line_is_recognised_by_its_letters(classifier: TopicClassifier, line: str, label: str) -> None:
    assert best(classifier.by_spelling([line])) == [label]


@pytest.mark.parametrize("line", ["", "   ", "???", "zxzx", "ok " * 5_000])
def test_any_line_gets_probabilities_that_add_up(
    classifier: TopicClassifier, embedder: LetterEmbedder, line: str
) -> None:
    for scores in (classifier.by_spelling([line]), classifier.by_meaning(embedder.queries([line]))):
        assert scores.shape == (1, len(LABELS))
        assert np.exp(scores).sum() == pytest.approx(1.0, abs=1e-5)


def test_lines_are_judged_independently(classifier: TopicClassifier) -> None:
    lines = ["cable stuck", "", "credit too low"]
    np.testing.assert_allclose(
        classifier.by_spelling(lines), np.vstack([classifier.by_spelling([line]) for line in lines])
    )


def test_training_again_gives_the_same_weights(classifier: TopicClassifier, embedder: LetterEmbedder) -> None:
    again = fit(UTTERANCES, LABELS, embedder)
    np.testing.assert_array_equal(again.meaning, classifier.meaning)
    np.testing.assert_array_equal(again.spelling, classifier.spelling)


def test_the_classifier_survives_the_disk(classifier: TopicClassifier, tmp_path: Path) -> None:
    classifier.save(tmp_path / "classifier.npz")
    again = TopicClassifier.load(tmp_path / "classifier.npz")
    assert again.labels == classifier.labels
    np.testing.assert_array_equal(again.by_spelling(["cable stuk"]), classifier.by_spelling(["cable stuk"]))


def fingerprint(
    utterances: Sequence[Utterance] = tuple(UTTERANCES), labels: Sequence[str] = LABELS, model: str = "1"
) -> str:
    return classifier_fingerprint(utterances, labels, LetterEmbedder(version=model), version=1)


def test_the_fingerprint_stays_when_nothing_changes() -> None:
    assert fingerprint() == fingerprint()


@pytest.mark.parametrize(
    "other",
    [
        fingerprint(utterances=UTTERANCES[:-1]),
        fingerprint(utterances=[*UTTERANCES[:-1], Utterance("en", "restart", "reboot it from the web portal")]),
        fingerprint(utterances=[*UTTERANCES[:-1], Utterance("en", "cable", "reboot it from the portal")]),
        fingerprint(labels=("balance", "cable", "restart")),
        fingerprint(model="2"),
    ],
    ids=["line-removed", "line-changed", "line-moved", "labels", "model"],
)
def test_the_fingerprint_changes_with_all_that_is_learnt_from(other: str) -> None:
    assert other != fingerprint()


def counted(text: str) -> dict[int, float]:
    found = grams(text)
    return dict(zip(found.buckets.tolist(), found.counts.tolist(), strict=True))


@pytest.mark.parametrize(("one", "other"), [("Für STRASSE", "fuer strasse"), ("coincé", "coince"), ("a  b", "a b")])
def test_letters_are_counted_without_case_and_accents(one: str, other: str) -> None:
    assert counted(one) == counted(other)


def test_the_order_of_words_matters_and_most_stays_when_it_changes() -> None:
    one, other = counted("the cable is stuck").keys(), counted("stuck is the cable").keys()
    assert one != other
    assert len(one & other) > 0.8 * len(one)


def test_words_that_share_letters_share_grams() -> None:
    cable, cables, solde = counted("cable").keys(), counted("cables").keys(), counted("solde").keys()
    assert len(cable & cables) > len(cable) / 2
    assert len(cable & solde) < len(cable) / 4


def test_a_word_that_is_repeated_counts_more_often() -> None:
    once, twice = counted("cable"), counted("cable cable")
    assert {bucket: twice[bucket] for bucket in once} == {bucket: 2 * count for bucket, count in once.items()}


def test_a_very_long_message_costs_no_more_than_a_long_one() -> None:
    assert counted("a" * 100_000) == counted("a" * LONGEST_TEXT)


def test_weights_have_unit_length() -> None:
    weights = weighted(grams("the cable is stuck"), np.ones(BUCKETS, np.float32))
    assert np.linalg.norm(weights) == pytest.approx(1.0, abs=1e-5)


def test_log_softmax_bears_large_scores() -> None:
    assert np.exp(log_softmax(np.array([1e4, 0.0, -1e4]))).tolist() == [1.0, 0.0, 0.0]
