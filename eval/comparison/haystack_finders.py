"""Three pipelines of haystack-ai over its in-memory store: BM25, an embedding model, and both joined by ranks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from eval.comparison.ports import Document, Hit

# It would tell its makers about every pipeline that runs; read when it is imported.
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

import haystack
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)


class HaystackWords:
    """``InMemoryBM25Retriever`` as it comes: no stems, no stop words."""

    def __init__(self) -> None:
        self._store = InMemoryDocumentStore()

    def build(self, documents: Sequence[Document]) -> None:
        """Write the texts into the store."""
        self._store.write_documents(_documents(documents))

    def nearest(self, text: str, count: int) -> list[Hit]:
        """Run the pipeline."""
        found = self._pipeline.run({"words": {"query": text, "top_k": count}})
        return _hits(found["words"]["documents"])

    @cached_property
    def _pipeline(self) -> Any:
        pipeline = haystack.Pipeline()
        pipeline.add_component("words", InMemoryBM25Retriever(self._store))
        return pipeline


class HaystackVectors:
    """A sentence-transformers model and ``InMemoryEmbeddingRetriever``.

    Args:
        model: a folder that SentenceTransformer can load.
    """

    def __init__(self, model: str) -> None:
        self._model = model
        self._store = InMemoryDocumentStore()

    def build(self, documents: Sequence[Document]) -> None:
        """Embed the texts and write them into the store."""
        embedder = SentenceTransformersDocumentEmbedder(model=self._model, progress_bar=False)
        self._store.write_documents(embedder.run(documents=_documents(documents))["documents"])

    def nearest(self, text: str, count: int) -> list[Hit]:
        """Run the pipeline."""
        found = self._pipeline.run({"embedder": {"text": text}, "vectors": {"top_k": count}})
        return _hits(found["vectors"]["documents"])

    @cached_property
    def _pipeline(self) -> Any:
        pipeline = haystack.Pipeline()
        pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=self._model, progress_bar=False))
        pipeline.add_component("vectors", InMemoryEmbeddingRetriever(self._store))
        pipeline.connect("embedder.embedding", "vectors.query_embedding")
        return pipeline


class HaystackHybrid(HaystackVectors):
    """Words and vectors, joined by reciprocal ranks as ``DocumentJoiner`` does."""

    def nearest(self, text: str, count: int) -> list[Hit]:
        """Run the pipeline."""
        found = self._pipeline.run(
            {
                "embedder": {"text": text},
                "vectors": {"top_k": count},
                "words": {"query": text, "top_k": count},
                "joiner": {"top_k": count},
            }
        )
        return _hits(found["joiner"]["documents"])

    @cached_property
    def _pipeline(self) -> Any:
        pipeline = haystack.Pipeline()
        pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=self._model, progress_bar=False))
        pipeline.add_component("vectors", InMemoryEmbeddingRetriever(self._store))
        pipeline.add_component("words", InMemoryBM25Retriever(self._store))
        pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        pipeline.connect("embedder.embedding", "vectors.query_embedding")
        pipeline.connect("vectors", "joiner")
        pipeline.connect("words", "joiner")
        return pipeline


def _documents(documents: Sequence[Document]) -> list[Any]:
    return [
        haystack.Document(id=str(number), content=each.text, meta={"number": number})
        for number, each in enumerate(documents)
    ]


def _hits(found: Sequence[Any]) -> list[Hit]:
    return [Hit(each.meta["number"], float(each.score)) for each in found]
