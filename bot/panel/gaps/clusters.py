"""Gathers texts by meaning. Pure, and the same for the same texts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.ports import Vectors


def clusters(vectors: Vectors, alike: float) -> list[NDArray[np.int64]]:
    """Rows that mean much the same, by average linkage (UPGMA, Sokal and Michener 1958).

    ``vectors``: unit vectors, shape (n, d). Two groups are joined while the mean cosine of their pairs is at least
    ``alike``, the nearest first. The vectors of a multilingual model lie by meaning, so a group has any languages.

    Returns:
        The rows of each group, ascending, by the groups' first rows.
    """
    if len(vectors) < 2:
        return [np.arange(len(vectors))] if len(vectors) else []
    # Loaded here: who only talks to drivers needs none of it.
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distances = np.clip(1.0 - vectors.astype(np.float64) @ vectors.T.astype(np.float64), 0.0, 2.0)
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(distances, checks=False), method="average")
    numbers = fcluster(tree, 1.0 - alike, criterion="distance")
    groups = [np.flatnonzero(numbers == number) for number in np.unique(numbers)]
    return sorted(groups, key=lambda rows: int(rows[0]))


def centre(vectors: Vectors, weights: NDArray[np.float64]) -> Vectors:
    """The weighted mean of unit vectors, of unit length, shape (d,)."""
    mean = (vectors * weights[:, None]).sum(axis=0)
    unit: Vectors = (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)
    return unit
