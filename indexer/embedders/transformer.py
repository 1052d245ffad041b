"""Any sentence-transformers model, by path or by name of a model that is on this machine."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence

import numpy as np
from safetensors import SafetensorError

from indexer.embedders.prefixes import Prefixes
from indexer.errors import ModelError
from indexer.ports import Vectors


class TransformerEmbedder:
    """Unit vectors from ``SentenceTransformer``, with the prefixes that the model wants."""

    def __init__(self, model: str, prefixes: Prefixes) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing is fetched while serving or in tests
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(model, device="cpu")
        except (OSError, ValueError, SafetensorError) as error:
            remedy = "Give the path of a folder that SentenceTransformer can load, or unset PLUGDESK_MODEL."
            raise ModelError(f"The embedding model {model!r} cannot be loaded ({error}). {remedy}") from None
        self.name = model
        self._prefixes = prefixes
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"The embedding model {model!r} does not say how long its vectors are. Use another model.")
        self.dimension = int(dimension)
        self.fingerprint = self._fingerprint()

    def _fingerprint(self) -> str:
        """Hash of the prefixes and every weight: a model trained further under the same name must differ."""
        digest = hashlib.sha256(repr(self._prefixes).encode())
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.float().numpy().tobytes())
        return f"transformer:{digest.hexdigest()[:16]}"

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed what drivers write."""
        return self._encode([self._prefixes.query + text for text in texts])

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed parts of articles."""
        return self._encode([self._prefixes.passage + text for text in texts])

    def _encode(self, texts: list[str]) -> Vectors:
        vectors = self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32).reshape(len(texts), self.dimension)
