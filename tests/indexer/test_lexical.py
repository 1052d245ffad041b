"""Lexical search: BM25 over the passages of one language."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.lexical import LexicalIndex
from indexer.types import Passage

TEXTS = (
    ("en", "The charging cable is stuck in the car"),
    ("de", "Das Kabel steckt in der Station fest, Lade Lade"),
    ("en", "Restart the charger from the portal"),
    ("de", "Guthaben reicht nicht, Station Station"),
    ("en", "Balance too low for the charger"),
    ("de", "Die Ladestation startet neu"),
    ("fr", "Le câble est coincé dans la borne"),
    ("fr", "Le solde est trop bas"),
)
PASSAGES = [Passage(f"topic-{row}", language, "lead", text) for row, (language, text) in enumerate(TEXTS)]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.built(PASSAGES)


def best_of(index: LexicalIndex, query: str, language: str) -> int:
    rows, scores = index.scores(query, language)
    assert scores.max() > 0
    return int(rows[np.argmax(scores)])


def test_scores_belong_to_the_passages_of_the_asked_language(index: LexicalIndex) -> None:
    rows, scores = index.scores("kabel", "de")
    assert rows.tolist() == [1, 3, 5]
    assert scores.shape == (3,)


@pytest.mark.parametrize(
    ("query", "language", "row"),
    [
        ("is my cable stuck", "en", 0),
        ("restarting chargers", "en", 2),
        ("GUTHABEN!!", "de", 3),
        ("cable coince", "fr", 6),
        ("câble coincé", "fr", 6),
    ],
)
def test_the_passage_with_the_query_s_words_is_best(index: LexicalIndex, query: str, language: str, row: int) -> None:
    assert best_of(index, query, language) == row


def test_a_rare_word_counts_more_than_a_frequent_one(index: LexicalIndex) -> None:
    assert best_of(index, "the charger balance", "en") == 4


def test_a_compound_in_the_text_is_found_by_its_part(index: LexicalIndex) -> None:
    _, scores = index.scores("Station", "de")
    assert (scores > 0).all()


def test_a_compound_in_the_query_finds_its_parts(index: LexicalIndex) -> None:
    rows, scores = index.scores("Ladestation", "de")
    assert dict(zip(rows.tolist(), (scores > 0).tolist(), strict=True)) == {1: True, 3: True, 5: True}


@pytest.mark.parametrize("query", ["", "???", "zyxwv qwert"])
def test_a_query_without_a_known_word_scores_nothing(index: LexicalIndex, query: str) -> None:
    rows, scores = index.scores(query, "en")
    assert rows.tolist() == [0, 2, 4]
    assert not scores.any()


def test_every_language_with_passages_is_listed(index: LexicalIndex) -> None:
    assert set(index.languages) == {"en", "de", "fr"}


@pytest.mark.parametrize(("query", "language"), [("cable charger", "en"), ("Ladestation", "de"), ("borne", "fr")])
def test_scores_survive_the_disk(index: LexicalIndex, tmp_path: Path, query: str, language: str) -> None:
    index.save(tmp_path / "lexical")
    rows, scores = LexicalIndex.load(tmp_path / "lexical").scores(query, language)
    expected_rows, expected = index.scores(query, language)
    assert rows.tolist() == expected_rows.tolist()
    np.testing.assert_array_equal(scores, expected)
