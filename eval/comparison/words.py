"""Word search alone: the index that the product uses as one of its signals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval.comparison.ports import Document, Hit
from indexer.lexical import LexicalIndex
from indexer.types import Passage


class OwnWords:
    """BM25 with stems, and with compounds opened where ``language`` builds them."""

    def __init__(self, language: str) -> None:
        self._language = language

    def build(self, documents: Sequence[Document]) -> None:
        """All documents are read by the rules of the one language, as the product reads queries."""
        self._index = LexicalIndex.built([Passage(each.label, self._language, "", each.text) for each in documents])

    def nearest(self, text: str, count: int) -> list[Hit]:
        """Documents that share a word with the text."""
        rows, scores = self._index.scores(text, self._language)
        order = np.argsort(-scores, kind="stable")[:count]
        return [Hit(int(rows[place]), float(scores[place])) for place in order if scores[place] > 0]
