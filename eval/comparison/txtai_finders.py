"""txtai with the same model: its vector index alone, and its hybrid of vectors and BM25."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from txtai import Embeddings

from eval.comparison.ports import Document, Hit


class Txtai:
    """An ``Embeddings`` index with its own defaults; ``hybrid`` joins BM25 to the vectors in equal parts.

    Args:
        model: a folder that SentenceTransformer can load.
        loaded: models that are in memory, shared among the indexes of a process.
    """

    def __init__(self, model: str, hybrid: bool, loaded: dict[str, Any]) -> None:
        settings = {"path": model, "method": "sentence-transformers", "gpu": False, "content": False, "hybrid": hybrid}
        self._index = Embeddings(settings, models=loaded)

    def build(self, documents: Sequence[Document]) -> None:
        """Embed and index the texts."""
        self._index.index((number, each.text, None) for number, each in enumerate(documents))

    def nearest(self, text: str, count: int) -> list[Hit]:
        """Search the index."""
        return [Hit(int(number), float(score)) for number, score in self._index.search(text, count)]
