"""What every vector store keeps: the nearest stored unit vectors, best first. Run over both of FAISS's indexes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import IndexDamaged
from indexer.ports import Vectors, VectorStore
from indexer.stores.faiss_store import FaissStore

DIMENSION = 24
Build = Callable[[Vectors], FaissStore]


def unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def random_vectors(count: int, seed: int = 1) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32))


STORED = random_vectors(600)
QUERIES = random_vectors(20, seed=2)


@pytest.fixture(params=["exact", "hnsw"])
def build(request: pytest.FixtureRequest) -> Build:
    """Builds a store of each kind."""
    exact_below = 0 if request.param == "hnsw" else 10_000
    return lambda vectors: FaissStore.built(vectors, exact_below=exact_below)


@pytest.fixture
def store(build: Build) -> VectorStore:
    return build(STORED)


def test_a_stored_vector_is_its_own_nearest(store: VectorStore) -> None:
    scores, rows = store.search(STORED[:50], 1)
    assert rows[:, 0].tolist() == list(range(50))
    np.testing.assert_allclose(scores[:, 0], 1.0, atol=1e-5)


def test_scores_are_the_cosines_of_the_rows(store: VectorStore) -> None:
    scores, rows = store.search(QUERIES, 10)
    np.testing.assert_allclose(scores, np.einsum("qd,qkd->qk", QUERIES, STORED[rows]), atol=1e-5)


def test_the_best_comes_first(store: VectorStore) -> None:
    scores, _ = store.search(QUERIES, 50)
    assert (np.diff(scores, axis=1) <= 0).all()


def test_no_row_comes_twice(store: VectorStore) -> None:
    _, rows = store.search(QUERIES, 200)
    assert all(len(set(each)) == 200 for each in rows.tolist())


def test_the_nearest_are_those_that_comparing_all_finds(store: VectorStore) -> None:
    _, rows = store.search(QUERIES, 10)
    wanted = np.argsort(-(QUERIES @ STORED.T), axis=1)[:, :10]
    found = [len(set(mine) & set(best)) for mine, best in zip(rows.tolist(), wanted.tolist(), strict=True)]
    assert sum(found) >= 0.95 * wanted.size


def test_each_query_is_answered_as_it_is_alone(store: VectorStore) -> None:
    _, together = store.search(QUERIES, 5)
    alone = [store.search(query[None], 5)[1][0].tolist() for query in QUERIES]
    assert together.tolist() == alone


@pytest.mark.parametrize("count", [1, 7, 200])
def test_as_many_as_asked_are_given(store: VectorStore, count: int) -> None:
    scores, rows = store.search(QUERIES, count)
    assert scores.shape == rows.shape == (len(QUERIES), count)


@pytest.mark.parametrize("stored", [1, 3, 150])
def test_more_cannot_be_given_than_is_stored(build: Build, stored: int) -> None:
    store = build(STORED[:stored])
    scores, rows = store.search(QUERIES, 200)
    assert scores.shape == rows.shape == (len(QUERIES), stored)
    assert {tuple(sorted(each)) for each in rows.tolist()} == {tuple(range(stored))}


def test_every_stored_vector_can_be_asked_for(store: VectorStore) -> None:
    _, rows = store.search(QUERIES[:3], len(STORED))
    assert [sorted(each) for each in rows.tolist()] == [list(range(len(STORED)))] * 3


def test_rows_that_are_given_are_stored_even_if_many_vectors_are_alike(build: Build) -> None:
    store = build(np.repeat(STORED[:6], 50, axis=0))
    _, rows = store.search(QUERIES, 200)
    assert rows.min() >= 0


def test_no_query_gets_no_answer(store: VectorStore) -> None:
    scores, rows = store.search(QUERIES[:0], 3)
    assert scores.shape == rows.shape == (0, 3)


def test_the_length_is_the_number_of_stored_vectors(build: Build) -> None:
    assert [len(build(STORED[:count])) for count in (1, 3, 600)] == [1, 3, 600]


def test_what_was_stored_survives_the_disk(build: Build, tmp_path: Path) -> None:
    store = build(STORED)
    store.save(tmp_path / "vectors.faiss")
    again = FaissStore.load(tmp_path / "vectors.faiss")
    assert (len(again), again.exact) == (len(store), store.exact)
    for mine, theirs in zip(again.search(QUERIES, 10), store.search(QUERIES, 10), strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("kept", [0, 10, 0.5, 0.99])
def test_a_file_cut_short_is_refused_with_the_command(build: Build, tmp_path: Path, kept: float) -> None:
    path = tmp_path / "vectors.faiss"
    build(STORED).save(path)
    size = int(kept * path.stat().st_size) if kept < 1 else int(kept)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss.*plugdesk index"):
        FaissStore.load(path)


def test_a_missing_file_is_refused_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss.*plugdesk index"):
        FaissStore.load(tmp_path / "vectors.faiss")


def test_a_file_of_something_else_is_refused_with_the_command(tmp_path: Path) -> None:
    (tmp_path / "vectors.faiss").write_bytes(b"<html>502 Bad Gateway</html>" * 100)
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss.*plugdesk index"):
        FaissStore.load(tmp_path / "vectors.faiss")


@pytest.mark.parametrize(("exact_below", "exact"), [(601, True), (600, False), (0, False)])
def test_few_vectors_are_all_compared_and_many_are_walked_through(exact_below: int, exact: bool) -> None:
    assert FaissStore.built(STORED, exact_below=exact_below).exact is exact
