"""Fits the topic classifier to the example utterances. Seeded; a minute or two on one slow core."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from indexer.classifier import BUCKETS, VECTOR_SCALE, Grams, TopicClassifier, grams, weighted
from indexer.noise import noisy
from indexer.ports import Embedder, Vectors
from indexer.utterances import Utterance

SEED = 11
# Labels are soft because neighbouring topics share lines; it also keeps probabilities honest.
SMOOTHING = 0.1
# Hidden units of the model on meaning, and the shares of the vector's numbers and of the units that each step goes
# without: many units of which no few decide.
HIDDEN, WITHOUT_INPUTS, WITHOUT_UNITS = 1_024, 0.1, 0.5
# A small knowledge base is read over and over until so many steps were made.
FEWEST_STEPS = 200


def fit(utterances: Sequence[Utterance], labels: Sequence[str], embedder: Embedder) -> TopicClassifier:
    """Train on every utterance and on one misspelt copy of each."""
    rng = random.Random(SEED)
    texts = [each.text for each in utterances]
    texts += [noisy(text, rng) for text in texts]
    languages = sorted({each.language for each in utterances})
    topics = _numbers([each.label for each in utterances], labels)
    tongues = _numbers([each.language for each in utterances], languages)
    vectors = embedder.queries(texts)
    found = [grams(text) for text in texts]
    idf = _rarity(found[: len(utterances)])
    rows = [(each.buckets, weighted(each, idf)) for each in found]
    with _one_thread(), ThreadPoolExecutor(2) as pool:
        by_meaning = pool.submit(_fit_meaning, vectors, topics, len(labels))
        by_letters = pool.submit(_fit_letters, rows, (topics, tongues), (len(labels), len(languages)))
        hidden, meaning = by_meaning.result()
        spelling, tongue_table = by_letters.result()
    return TopicClassifier(tuple(labels), tuple(languages), hidden, meaning, spelling, tongue_table, idf)


def _numbers(names: Sequence[str], order: Sequence[str]) -> torch.Tensor:
    """The place of each name in ``order``, for the texts and again for their misspelt copies."""
    places = {name: place for place, name in enumerate(order)}
    return torch.tensor([places[name] for name in names] * 2)


@contextmanager
def _one_thread() -> Iterator[None]:
    """The matrices are small: two threads wait for each other, on a busy machine twenty times longer than they work.

    Each of the two models has a thread of its own instead.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _rarity(found: Sequence[Grams]) -> NDArray[np.float32]:
    """Smoothed inverse document frequency; zero for buckets that one line alone fills."""
    lines = np.zeros(BUCKETS, np.float32)
    for each in found:
        lines[each.buckets] += 1
    idf = np.log((1 + len(found)) / (1 + lines)) + 1
    idf[lines < 2] = 0
    return idf.astype(np.float32)


def _batches(count: int, size: int, epochs: int, generator: torch.Generator) -> list[torch.Tensor]:
    return [part for _ in range(epochs) for part in torch.randperm(count, generator=generator).split(size)]


def _fit_meaning(vectors: Vectors, wanted: torch.Tensor, labels: int) -> tuple[Vectors, Vectors]:
    """Two layers, each with its bias as the last row."""
    generator = torch.Generator().manual_seed(SEED)
    inputs = _with_ones(torch.from_numpy(vectors) * VECTOR_SCALE)
    width = inputs.shape[1]
    hidden = (torch.randn(width, HIDDEN, generator=generator) * (2 / width) ** 0.5).requires_grad_()
    meaning = (torch.randn(HIDDEN + 1, labels, generator=generator) * HIDDEN**-0.5).requires_grad_()
    optimiser = torch.optim.AdamW([hidden, meaning], lr=0.001, weight_decay=0.1)
    size = min(1_024, len(wanted))
    batches = _batches(len(wanted), size, max(8, math.ceil(FEWEST_STEPS * size / len(wanted))), generator)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / len(batches))
    for batch in batches:
        units = functional.relu(_without(inputs[batch], WITHOUT_INPUTS, generator) @ hidden)
        scores = _with_ones(_without(units, WITHOUT_UNITS, generator)) @ meaning
        loss = functional.cross_entropy(scores, wanted[batch], label_smoothing=SMOOTHING)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return hidden.detach().numpy(), meaning.detach().numpy()


def _with_ones(rows: torch.Tensor) -> torch.Tensor:
    return torch.cat([rows, torch.ones(len(rows), 1)], dim=1)


def _without(values: torch.Tensor, share: float, generator: torch.Generator) -> torch.Tensor:
    """Dropout (Srivastava et al. 2014) with its own chance, so that nothing else decides what is learnt."""
    kept = torch.rand(values.shape, generator=generator) >= share
    return values * kept / (1 - share)


def _fit_letters(
    rows: Sequence[tuple[NDArray[np.int64], NDArray[np.float32]]],
    wanted: tuple[torch.Tensor, torch.Tensor],
    widths: tuple[int, int],
) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """Topic and language from the same n-grams, in one pass: two softmax functions side by side over one table."""
    generator = torch.Generator().manual_seed(SEED)
    start = torch.zeros(BUCKETS, sum(widths))
    table = torch.nn.EmbeddingBag.from_pretrained(start, freeze=False, mode="sum", sparse=True)
    optimiser = torch.optim.SparseAdam(list(table.parameters()), lr=0.06)
    batches = _batches(len(rows), 1_024, 3, generator)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / len(batches))
    for batch in batches:
        chosen = [rows[row] for row in batch.tolist()]
        starts = torch.from_numpy(np.cumsum([0] + [len(buckets) for buckets, _ in chosen[:-1]]))
        buckets = torch.from_numpy(np.concatenate([buckets for buckets, _ in chosen]))
        weights = torch.from_numpy(np.concatenate([weights for _, weights in chosen]))
        topics, tongues = table(buckets, starts, per_sample_weights=weights).split(widths, dim=1)
        loss = functional.cross_entropy(topics, wanted[0][batch], label_smoothing=SMOOTHING)
        loss = loss + functional.cross_entropy(tongues, wanted[1][batch], label_smoothing=SMOOTHING)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    both = table.weight.detach().numpy().astype(np.float16)
    return both[:, : widths[0]].copy(), both[:, widths[0] :].copy()
