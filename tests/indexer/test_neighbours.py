"""The utterances nearest to a line, and the confidence that rests on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.neighbours import Neighbours
from indexer.ranking import Calibration, Grounds, confidence
from indexer.utterances import Utterance
from tests.doubles import LetterEmbedder

LABELS = ("price", "cable", "out-of-scope")
UTTERANCES = [
    Utterance("en", "price", "what does charging cost"),
    Utterance("en", "price", "price per kilowatt hour"),
    Utterance("en", "cable", "the cable is stuck"),
    Utterance("en", "out-of-scope", "what does installing a wallbox cost"),
    Utterance("fr", "cable", "le câble est coincé"),
]
EVEN = Calibration(intercept=0.0, log_best=1.0, log_out_of_scope=0.0, neighbours_best=2.0, neighbours_out_of_scope=-2.0)


@pytest.fixture(scope="module")
def embedder() -> LetterEmbedder:
    return LetterEmbedder()


@pytest.fixture(scope="module")
def neighbours(embedder: LetterEmbedder) -> Neighbours:
    return Neighbours.built(UTTERANCES, LABELS, embedder)


def shares(neighbours: Neighbours, embedder: LetterEmbedder, text: str, language: str = "en") -> list[float]:
    return neighbours.shares(embedder.queries([text])[0], language, len(LABELS)).tolist()


def test_the_nearest_utterance_counts_most(neighbours: Neighbours, embedder: LetterEmbedder) -> None:
    found = shares(neighbours, embedder, "what does installing a charger cost")
    assert LABELS[int(np.argmax(found))] == "out-of-scope"


def test_shares_add_up_to_one(neighbours: Neighbours, embedder: LetterEmbedder) -> None:
    assert sum(shares(neighbours, embedder, "anything at all")) == pytest.approx(1.0, abs=1e-5)


def test_only_utterances_of_the_language_are_neighbours(neighbours: Neighbours, embedder: LetterEmbedder) -> None:
    assert shares(neighbours, embedder, "the cable is stuck", "fr") == [0.0, 1.0, 0.0]


def test_a_language_without_utterances_has_no_neighbours(neighbours: Neighbours, embedder: LetterEmbedder) -> None:
    assert shares(neighbours, embedder, "kabel", "pl") == [0.0, 0.0, 0.0]


def test_neighbours_survive_the_disk(neighbours: Neighbours, embedder: LetterEmbedder, tmp_path: Path) -> None:
    neighbours.save(tmp_path / "neighbours.npz")
    again = Neighbours.load(tmp_path / "neighbours.npz")
    line = "what does installing cost"
    assert shares(again, embedder, line) == pytest.approx(shares(neighbours, embedder, line), abs=1e-3)


def test_neighbours_out_of_scope_make_an_answer_less_sure() -> None:
    among_its_own = confidence(Grounds(-0.1, -3.0, 0.9, 0.0), EVEN)
    among_others = confidence(Grounds(-0.1, -3.0, 0.0, 0.9), EVEN)
    assert among_others < 0.2 < 0.8 < among_its_own


def test_the_shipped_calibration_trusts_neighbours() -> None:
    calibration = Calibration.load()
    assert calibration.log_best > 0 > calibration.neighbours_out_of_scope
    assert calibration.neighbours_best >= 0 >= calibration.log_out_of_scope
