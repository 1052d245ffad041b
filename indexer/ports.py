"""What the indexer asks of the world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns text into unit vectors, shape (n, dimension), float32.

    Queries and passages are embedded by separate methods, since some models want different prefixes.
    """

    @property
    def name(self) -> str:
        """What a person would call the model."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text could give another vector."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed what drivers write."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed parts of articles."""


class VectorStore(Protocol):
    """Finds the nearest of stored unit vectors by inner product."""

    def search(self, queries: Vectors, count: int) -> tuple[Vectors, NDArray[np.int64]]:
        """Scores and row numbers of the ``count`` best, each of shape (n, count), best first."""

    def __len__(self) -> int: ...
