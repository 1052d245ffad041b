"""The public sets, on records whose answers follow from how the texts are embedded."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.public import bitext, embedded, intents, similarity
from indexer.ports import Vectors


class AngleEmbedder:
    """The last word of a text is an angle in degrees: the nearer two angles, the nearer the texts."""

    name = "angles"
    fingerprint = "angles:1"
    dimension = 2

    def queries(self, texts: Sequence[str]) -> Vectors:
        angles = [math.radians(float(text.split()[-1])) for text in texts]
        return np.array([[math.cos(angle), math.sin(angle)] for angle in angles], np.float32)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self.queries(texts)


def write(folder: Path, name: str, rows: Sequence[dict[str, Any]]) -> Path:
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


def test_vectors_keep_the_order_of_their_texts_across_batches() -> None:
    texts = ["a long text at 10", "at 20", "a text at 30", "40", "a rather long text at 50"]
    np.testing.assert_array_equal(embedded(AngleEmbedder(), texts, size=2), AngleEmbedder().queries(texts))


def test_similarity_follows_people_s_scores_within_english_and_crosswise(tmp_path: Path) -> None:
    # English, French and Italian order the pairs as people do, German the other way round.
    second = {"en": (5, 40, 80), "fr": (1, 30, 60), "it": (0, 10, 90), "de": (70, 35, 2)}
    rows = [
        {"score": score, "s1": {"en": "0"}, "s2": {language: str(at[row]) for language, at in second.items()}}
        for row, score in enumerate((5.0, 2.5, 0.0))
    ]
    found = similarity(AngleEmbedder(), write(tmp_path, "stsb_test", rows))
    assert found == pytest.approx({"en": 1.0, "en-fr": 1.0, "en-it": 1.0, "en-de": -1.0})


def pairs(language: str, *angles: tuple[int, int]) -> list[dict[str, str]]:
    return [{"lang": language, "en": f"an English text {one}", "xx": f"{other}"} for one, other in angles]


def test_bitext_counts_translations_that_are_each_other_s_nearest(tmp_path: Path) -> None:
    folder = write(tmp_path, "tatoeba_bitext", pairs("fr", (0, 5), (40, 42), (80, 90)))
    assert bitext(AngleEmbedder(), folder, ("fr",)) == {"fr": 1.0}


def test_bitext_is_the_mean_of_both_ways(tmp_path: Path) -> None:
    # From German all three find home; from English, 44 is nearer to 41 than to its own 62.
    folder = write(tmp_path, "tatoeba_bitext", pairs("de", (0, 0), (40, 41), (44, 62)))
    assert bitext(AngleEmbedder(), folder, ("de",)) == {"de": pytest.approx((3 / 3 + 2 / 3) / 2)}


def test_bitext_looks_for_translations_among_those_of_the_same_language(tmp_path: Path) -> None:
    folder = write(tmp_path, "tatoeba_bitext", [*pairs("fr", (0, 20), (50, 70)), *pairs("nb", (18, 0), (72, 50))])
    assert bitext(AngleEmbedder(), folder, ("fr", "nb")) == {"fr": 1.0, "nb": 1.0}


def intent(split: str, angle: float, name: str) -> dict[str, str]:
    return {"split": split, "text": f"line at {angle}", "intent": name}


# Of the ten nearest, six are always of the nearer intent.
TRAIN = [intent("train", angle, "pay") for angle in range(6)] + [intent("train", 90 - n, "stop") for n in range(6)]


def test_intents_are_told_by_the_vote_of_the_nearest_training_lines(tmp_path: Path) -> None:
    test = [intent("test", 3, "pay"), intent("test", 85, "stop"), intent("test", 30, "pay"), intent("test", 2, "stop")]
    assert intents(AngleEmbedder(), write(tmp_path, "clinc150", TRAIN + test)) == 0.75


def test_a_nearer_line_has_the_greater_vote(tmp_path: Path) -> None:
    # Five lines of each intent: only the weight of the votes tells them apart. The last is never among the nearest.
    near = [intent("train", 20, "pay")] * 5 + [intent("train", 80, "stop")] * 5 + [intent("train", 180, "stop")]
    test = [intent("test", 40, "pay"), intent("test", 60, "stop")]
    assert intents(AngleEmbedder(), write(tmp_path, "clinc150", near + test)) == 1.0


def test_lines_out_of_scope_neither_vote_nor_count(tmp_path: Path) -> None:
    outside = [intent("train", 3, "oos")] * 20 + [intent("test", 3, "oos")] * 5
    rows = [*TRAIN, *outside, intent("test", 3, "pay")]
    assert intents(AngleEmbedder(), write(tmp_path, "clinc150", rows)) == 1.0


def test_lines_of_other_splits_are_not_read(tmp_path: Path) -> None:
    rows = [*TRAIN, *[intent("val", 3, "stop")] * 20, intent("test", 3, "pay")]
    assert intents(AngleEmbedder(), write(tmp_path, "clinc150", rows)) == 1.0
