"""The example utterances nearest to a line: how many of them say what the classifier says.

A classifier is sure of itself far away from anything it has seen. Its neighbours are not: a question about
installing a charger lies among the lines that no topic answers, however much it sounds like a price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.ports import Embedder, Vectors
from indexer.stores.faiss_store import FaissStore
from indexer.utterances import Utterance

NEIGHBOURS = 15
# Weight of a neighbour is exp(10 · cosine): one that is a tenth nearer counts e times as much.
SHARPNESS = 10.0
BATCH = 2_048


@dataclass(frozen=True)
class Neighbours:
    """Utterances sorted by language: unit vectors (n, d), label numbers (n,), and the rows of each language.

    Half precision is enough to tell neighbours apart.
    """

    vectors: NDArray[np.float16]
    labels: NDArray[np.int64]
    languages: dict[str, tuple[int, int]]
    _stores: dict[str, FaissStore] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for code, (start, end) in self.languages.items():
            self._stores[code] = FaissStore.built(self.vectors[start:end].astype(np.float32))

    @classmethod
    def built(cls, utterances: Sequence[Utterance], labels: Sequence[str], embedder: Embedder) -> Neighbours:
        """Embed all utterances."""
        ordered = sorted(utterances, key=lambda each: each.language)
        texts = [each.text for each in ordered]
        parts = [embedder.queries(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        places = {label: place for place, label in enumerate(labels)}
        codes = [each.language for each in ordered]
        return cls(
            np.concatenate(parts).astype(np.float16),
            np.array([places[each.label] for each in ordered], np.int64),
            {code: (codes.index(code), codes.index(code) + codes.count(code)) for code in sorted(set(codes))},
        )

    def shares(self, vector: Vectors, language: str, labels: int) -> NDArray[np.float32]:
        """The share of each label among the nearest utterances of the language, shape (labels,); sums to 1.

        A language without utterances has no neighbours: all shares are 0.
        """
        shares = np.zeros(labels, np.float32)
        if language not in self._stores:
            return shares
        scores, rows = self._stores[language].search(vector[None], NEIGHBOURS)
        weights = np.exp(SHARPNESS * (scores[0] - scores[0].max()))
        start, _ = self.languages[language]
        np.add.at(shares, self.labels[start + rows[0]], weights / weights.sum())
        return shares

    def save(self, path: Path) -> None:
        """Write an .npz file."""
        codes = list(self.languages)
        np.savez(
            path,
            vectors=self.vectors,
            labels=self.labels,
            codes=np.array(codes),
            rows=np.array([self.languages[code] for code in codes], np.int64),
        )

    @classmethod
    def load(cls, path: Path) -> Neighbours:
        """Read what :meth:`save` wrote."""
        with np.load(path, allow_pickle=False) as data:
            rows = {str(code): (int(a), int(b)) for code, (a, b) in zip(data["codes"], data["rows"], strict=True)}
            return cls(data["vectors"], data["labels"], rows)
