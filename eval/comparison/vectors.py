"""Vectors alone: the nearest documents by the cosine of an embedding model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval.comparison.ports import Document, Hit
from indexer.ports import Embedder
from indexer.stores.faiss_store import FaissStore


class OwnVectors:
    """Exact search in the product's own vector store."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def build(self, documents: Sequence[Document]) -> None:
        """Embed all as passages."""
        self._store = FaissStore.built(self._embedder.passages([each.text for each in documents]))

    def nearest(self, text: str, count: int) -> list[Hit]:
        """The nearest documents."""
        scores, rows = self._store.search(self._embedder.queries([text]), min(count, len(self._store)))
        return [Hit(int(row), float(score)) for row, score in zip(rows[0], np.asarray(scores[0]), strict=True)]
