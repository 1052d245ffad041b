"""Public sets for the embedding alone, read from a folder that is not part of the project: similarity, bitext, intents.

The folder holds ``<name>.jsonl.gz``, one object a line: ``stsb_test`` {score, s1: {lang: text}, s2: {lang: text}},
``tatoeba_bitext`` {lang, en, xx}, ``clinc150`` {split, text, intent}.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from indexer.ports import Embedder, Vectors

CROSSWISE = ("de", "fr", "it")
BITEXT = ("fr", "de", "it", "nb", "nl", "es", "sv", "da", "pt", "pl")
NEIGHBOURS = 10
OUT_OF_SCOPE = "oos"


def read(folder: Path, name: str) -> list[dict[str, Any]]:
    """All records of a set."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def embedded(embedder: Embedder, texts: Sequence[str], size: int = 64) -> Vectors:
    """Unit vectors in the order of ``texts``; batches of like length, so that little is padded."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    vectors = np.empty((len(texts), embedder.dimension), np.float32)
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        vectors[rows] = embedder.queries([texts[row] for row in rows])
    return vectors


def similarity(embedder: Embedder, folder: Path) -> dict[str, float]:
    """Spearman correlation of the cosine with people's scores: ``en`` within English, ``en-xx`` crosswise."""
    rows = read(folder, "stsb_test")
    scores = [row["score"] for row in rows]
    first = embedded(embedder, [row["s1"]["en"] for row in rows])
    found = {}
    for language in ("en", *CROSSWISE):
        second = embedded(embedder, [row["s2"][language] for row in rows])
        name = "en" if language == "en" else f"en-{language}"
        found[name] = float(spearmanr((first * second).sum(1), scores).statistic)
    return found


def bitext(embedder: Embedder, folder: Path, languages: Sequence[str] = BITEXT) -> dict[str, float]:
    """Share of sentences whose nearest neighbour in the other language is their translation; mean of both ways."""
    rows = read(folder, "tatoeba_bitext")
    found = {}
    for language in languages:
        mine = [row for row in rows if row["lang"] == language]
        scores = embedded(embedder, [row["xx"] for row in mine]) @ embedded(embedder, [row["en"] for row in mine]).T
        right = np.arange(len(mine))
        ways = ((scores.argmax(axis) == right).mean() for axis in (0, 1))
        found[language] = float(sum(ways) / 2)
    return found


def intents(embedder: Embedder, folder: Path) -> float:
    """Accuracy of clinc150's test lines by a vote of the nearest training lines, out-of-scope lines left out."""
    rows = [row for row in read(folder, "clinc150") if row["intent"] != OUT_OF_SCOPE]
    train, test = ([row for row in rows if row["split"] == split] for split in ("train", "test"))
    names = sorted({row["intent"] for row in train})
    labels = np.array([names.index(row["intent"]) for row in train])
    scores = embedded(embedder, [r["text"] for r in test]) @ embedded(embedder, [r["text"] for r in train]).T
    near = np.argpartition(-scores, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    votes = np.zeros((len(test), len(names)))
    for column in near.T:
        np.add.at(votes, (np.arange(len(test)), labels[column]), scores[np.arange(len(test)), column])
    return float(np.mean([names[best] == row["intent"] for best, row in zip(votes.argmax(1), test, strict=True)]))
