"""Draws training sentences from the pairs by language, source and question."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from indexer.noise import noisy
from indexer.train.corpus import Pair, Sources

# The five article languages count half as much again; Nynorsk only rounds off the Norwegian.
LANGUAGE_SHARES = {"fr": 1.5, "de": 1.5, "it": 1.5, "nb": 1.5, "en": 1.5, "nn": 0.3}


class PairSampler:
    """Draws (text, row of the teacher's vector) with the weights of language, source and question."""

    def __init__(self, pairs: Sequence[Pair], rows: dict[str, int], sources: Sources, seed: int) -> None:
        weights = np.array([sources.weight(pair) for pair in pairs])
        languages = np.array([pair.language for pair in pairs])
        for language in np.unique(languages):
            mine = languages == language
            weights[mine] *= LANGUAGE_SHARES.get(str(language), 1.0) / weights[mine].sum()
        self._pairs, self._rows = pairs, rows
        self._ends = np.cumsum(weights / weights.sum())
        self._english = LANGUAGE_SHARES["en"] / (weights.sum() + LANGUAGE_SHARES["en"])
        self._numbers = np.random.default_rng(seed)
        self._rng = random.Random(seed)
        self._texts: dict[str, list[str]] = {}
        self._sisters: dict[str, list[int]] = defaultdict(list)
        for number, pair in enumerate(pairs):
            self._sisters[pair.english].append(number)

    def batch(self, size: int) -> tuple[list[str], np.ndarray]:
        """``size`` noisy texts and the teacher's row of each one's English sentence."""
        english = self._numbers.random(size) < self._english
        pairs = self._drawn(size)
        texts = [noisy(pair.english if own else pair.text, self._rng) for pair, own in zip(pairs, english, strict=True)]
        return texts, np.array([self._rows[pair.english] for pair in pairs])

    def twins(self, size: int) -> tuple[list[str], list[str], np.ndarray]:
        """``size`` noisy texts, the same in another language, and the row of their English sentence.

        The other language is English half of the time or more; else any in which the same English sentence is known,
        so that two languages meet without English between them.
        """
        pairs = self._drawn(size)
        others = []
        for pair in pairs:
            sister = self._pairs[self._rng.choice(self._sisters[pair.english])]
            pivots = sister.language != pair.language and sister.text != pair.text and self._rng.random() < 0.5
            others.append(sister.text if pivots else pair.english)
        rows = np.array([self._rows[pair.english] for pair in pairs])
        return [noisy(pair.text, self._rng) for pair in pairs], others, rows

    def sentence(self, language: str, rng: random.Random) -> str:
        """Any sentence of the language, English or not."""
        if language not in self._texts:
            texts = [pair.english if language == "en" else pair.text for pair in self._pairs]
            languages = (pair.language for pair in self._pairs)
            self._texts[language] = [
                text for text, own in zip(texts, languages, strict=True) if own == language or language == "en"
            ]
        return rng.choice(self._texts[language])

    def _drawn(self, size: int) -> list[Pair]:
        places = np.searchsorted(self._ends, self._numbers.random(size))
        return [self._pairs[min(int(at), len(self._pairs) - 1)] for at in places]
