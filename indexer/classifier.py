"""Which topic a line belongs to: two models over example utterances, one on meaning, one on spelling.

The first sees the embedding and generalises across languages; a hidden layer lets a topic have more than one place
there. The second is linear, sees character n-grams and pairs of words, and knows the very words of each language, typos
and turns of phrase included. Their errors differ, so their average beats both.
Training is in :mod:`indexer.classifier_training`; here only NumPy is needed.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import folded
from indexer.ports import Embedder, Vectors
from indexer.utterances import Utterance

BUCKET_BITS = 18
BUCKETS = 1 << BUCKET_BITS
LONGEST_GRAM = 5
SPACE = ord(" ")
# A polynomial hash over the bytes, and Knuth's multiplicative mixing so that the high bits name the bucket.
HASH_STEP = np.uint32(16_777_619)
HASH_MIX = np.uint32(2_654_435_761)
# Unit vectors have small entries; scaled, the same learning rate suits weights and bias.
VECTOR_SCALE = 10.0
LONGEST_TEXT = 600


@dataclass(frozen=True)
class Grams:
    """Bucket numbers, each once, and how often each occurs."""

    buckets: NDArray[np.int64]
    counts: NDArray[np.float32]


def classifier_fingerprint(
    utterances: Sequence[Utterance], labels: Sequence[str], embedder: Embedder, version: int
) -> str:
    """Changes whenever training again could give another classifier; ``version`` is the index format's."""
    digest = hashlib.sha256(f"{version} {embedder.fingerprint} {' '.join(labels)}\n".encode())
    for each in utterances:
        digest.update(f"{each.language}\t{each.label}\t{each.text}\n".encode())
    return digest.hexdigest()[:16]


def grams(text: str) -> Grams:
    """Hashed character n-grams and pairs of the folded words, with how often each occurs (Joulin et al. 2016, §2.2).

    Words are set between single spaces; an n-gram may begin or end with one, not run across it. Pairs are of words that
    follow each other, and of those with one word between.
    """
    words = folded(text[:LONGEST_TEXT]).encode().split()
    padded = b" %b " % b" ".join(words)
    codes = np.frombuffer(padded, np.uint8).astype(np.uint32)
    spaces = np.concatenate([[0], np.cumsum(codes == SPACE)])
    hashes, found = codes, []
    for length in range(2, LONGEST_GRAM + 1):
        hashes = hashes[: len(codes) - length + 1] * HASH_STEP + codes[length - 1 :]
        starts = np.arange(len(hashes))
        within_word = spaces[starts + length - 1] == spaces[starts + 1]
        found.append(hashes[within_word])
    pairs = [zlib.crc32(b" ".join(pair)) for pair in pairwise(words)]
    apart = [zlib.crc32(b"  ".join(pair)) for pair in zip(words, words[2:], strict=False)]
    mixed = np.concatenate([*found, np.array(pairs + apart, np.uint32)])
    mixed = (mixed ^ (mixed >> np.uint32(15))) * HASH_MIX
    buckets, counts = np.unique(mixed >> np.uint32(32 - BUCKET_BITS), return_counts=True)
    return Grams(buckets.astype(np.int64), counts.astype(np.float32))


def weighted(grams: Grams, idf: NDArray[np.float32]) -> NDArray[np.float32]:
    """The weight of each n-gram: sublinear frequency times rarity, scaled to unit length."""
    weights = (1 + np.log(grams.counts)) * idf[grams.buckets]
    length = float(np.linalg.norm(weights))
    return (weights / length if length else weights).astype(np.float32)


def log_softmax(scores: NDArray[np.floating]) -> NDArray[np.float32]:
    """Natural logarithms of the probabilities along the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), np.float32)


@dataclass(frozen=True)
class TopicClassifier:
    """Trained weights for k labels, l languages, vectors of length d and h hidden units.

    ``hidden`` is (d + 1, h) and ``meaning`` (h + 1, k), the last row of each added to every line; ``spelling`` is
    (BUCKETS, k), ``tongues`` (BUCKETS, l), ``idf`` (BUCKETS,).
    """

    labels: tuple[str, ...]
    languages: tuple[str, ...]
    hidden: Vectors
    meaning: Vectors
    spelling: NDArray[np.float16]
    tongues: NDArray[np.float16]
    idf: NDArray[np.float32]

    def by_meaning(self, vectors: Vectors) -> NDArray[np.float32]:
        """Log-probabilities, shape (n, k), from unit vectors of shape (n, d)."""
        units = np.maximum(vectors * VECTOR_SCALE @ self.hidden[:-1] + self.hidden[-1], 0)
        return log_softmax(units @ self.meaning[:-1] + self.meaning[-1])

    def by_spelling(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Log-probabilities, shape (n, k), from character n-grams."""
        return self._by_letters(texts, self.spelling)

    def language(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Log-probabilities of the languages, shape (n, l), from character n-grams."""
        return self._by_letters(texts, self.tongues)

    def _by_letters(self, texts: Sequence[str], table: NDArray[np.float16]) -> NDArray[np.float32]:
        scores = np.zeros((len(texts), table.shape[1]), np.float32)
        for row, text in enumerate(texts):
            found = grams(text)
            scores[row] = weighted(found, self.idf) @ table[found.buckets].astype(np.float32)
        return log_softmax(scores)

    def save(self, path: Path) -> None:
        """Write the weights as an .npz file."""
        np.savez(
            path,
            labels=np.array(self.labels),
            languages=np.array(self.languages),
            hidden=self.hidden,
            meaning=self.meaning,
            spelling=self.spelling,
            tongues=self.tongues,
            idf=self.idf,
        )

    @classmethod
    def load(cls, path: Path) -> TopicClassifier:
        """Read what :meth:`save` wrote."""
        with np.load(path, allow_pickle=False) as data:
            return cls(
                labels=tuple(str(label) for label in data["labels"]),
                languages=tuple(str(language) for language in data["languages"]),
                hidden=data["hidden"],
                meaning=data["meaning"],
                spelling=data["spelling"],
                tongues=data["tongues"],
                idf=data["idf"],
            )
