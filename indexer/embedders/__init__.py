"""Embedding models. ``open_embedder`` is the only place that chooses one."""

from __future__ import annotations

from pathlib import Path

from indexer.embedders.prefixes import Prefixes, known_prefixes
from indexer.ports import Embedder

SHIPPED_MODEL = Path(__file__).parents[1] / "model"


def open_embedder(model: str = "", prefixes: Prefixes | None = None) -> Embedder:
    """Open the model at a path or of a name; empty means the model that ships with Plugdesk.

    A static model is read without torch, so that serving starts fast and stays small. Any other
    sentence-transformers model is loaded by that library. ``prefixes`` override those known for the model.

    Raises:
        ModelError: when the model is missing or damaged; the message says what to do.
    """
    path = Path(model) if model else SHIPPED_MODEL
    from indexer.embedders.static import StaticEmbedder, is_static

    if is_static(path) or not model:
        return StaticEmbedder(path)
    from indexer.embedders.transformer import TransformerEmbedder

    return TransformerEmbedder(model, prefixes or known_prefixes(model))
