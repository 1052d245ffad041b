"""FAISS: exact search below 50,000 vectors, a navigable small-world graph above."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexDamaged
from indexer.ports import Vectors

EXACT_BELOW = 50_000
# M = 32 links a node, the value that HNSW's authors recommend for high recall at moderate memory.
HNSW_LINKS = 32


class FaissStore:
    """Inner product over unit vectors, which is their cosine."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def built(cls, vectors: Vectors, exact_below: int = EXACT_BELOW) -> FaissStore:
        """An index over ``vectors``, shape (n, d); row numbers are positions."""
        dimension = vectors.shape[1]
        index: faiss.Index
        if len(vectors) < exact_below:
            index = faiss.IndexFlatIP(dimension)
        else:
            index = faiss.IndexHNSWFlat(dimension, HNSW_LINKS, faiss.METRIC_INNER_PRODUCT)
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def exact(self) -> bool:
        """Whether every vector is compared."""
        return isinstance(self._index, faiss.IndexFlat)

    def search(self, queries: Vectors, count: int) -> tuple[Vectors, NDArray[np.int64]]:
        """Scores and row numbers of the best ``count``, best first, each of shape (n, count)."""
        # One core: waking a second one costs more than it saves. OpenMP keeps this number for each calling thread.
        faiss.omp_set_num_threads(1)
        wanted, most = np.ascontiguousarray(queries, np.float32), min(count, len(self))
        if self.exact:
            scores, rows = self._index.search(wanted, most)
            return scores, rows
        breadth = faiss.SearchParametersHNSW(efSearch=max(64, 2 * most))  # type: ignore[attr-defined]  # not in its stubs
        scores, rows = self._index.search(wanted, most, params=breadth)
        # The graph may lose its way among vectors that are alike and leave places empty (-1).
        short = np.flatnonzero((rows < 0).any(axis=1))
        if len(short):
            scores[short], rows[short] = faiss.downcast_index(self._index.storage).search(wanted[short], most)
        return scores, rows

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> FaissStore:
        """Read the index from a file.

        Raises:
            IndexDamaged: when FAISS cannot read it.
        """
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError:
            raise IndexDamaged(
                f"The vectors in {path.name} cannot be read. Build the index anew: plugdesk index"
            ) from None
