"""A static model read without torch: token vectors from safetensors, averaged with NumPy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Encoding, Tokenizer

from indexer.errors import ModelError
from indexer.ports import Vectors

REMEDY = "Restore the folder from version control, or train it anew with: python -m indexer.train"


def is_static(path: Path) -> bool:
    """Whether the folder holds a sentence-transformers model made of a StaticEmbedding and a Normalize."""
    try:
        modules = json.loads((path / "modules.json").read_text(encoding="utf-8"))
        return [module["type"].rsplit(".", 1)[-1] for module in modules] == ["StaticEmbedding", "Normalize"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


class StaticEmbedder:
    """The mean of the token vectors, scaled to unit length; the same numbers as ``SentenceTransformer(path)``."""

    def __init__(self, path: Path) -> None:
        folder = path
        try:
            modules = json.loads((path / "modules.json").read_text(encoding="utf-8"))
            folder = path / modules[0]["path"]
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._weights = load_file(folder / "model.safetensors")["embedding.weight"]
            digest = hashlib.sha256((folder / "model.safetensors").read_bytes())
            digest.update((folder / "tokenizer.json").read_bytes())
        except FileNotFoundError as error:
            missing = error.filename or folder / "model.safetensors"  # safetensors does not say which file
            raise ModelError(f"The embedding model is incomplete: {missing} is missing. {REMEDY}") from None
        except (OSError, ValueError, KeyError, IndexError, SafetensorError) as error:
            raise ModelError(f"The embedding model at {path} cannot be read ({error}). {REMEDY}") from None
        except Exception as error:  # tokenizers raises bare Exception for a damaged file
            raise ModelError(f"The tokenizer of the model at {path} cannot be read ({error}). {REMEDY}") from None
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.name = path.name
        self.fingerprint = f"static:{digest.hexdigest()[:16]}"
        self.dimension = int(self._weights.shape[1])

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed what drivers write."""
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed parts of articles; a text without any known token is the zero vector."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, encoding in enumerate(self._encodings(texts)):
            if encoding.ids:
                vectors[row] = self._weights[encoding.ids].astype(np.float32).mean(axis=0)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(lengths > 0, lengths, 1.0), np.float32)

    def _encodings(self, texts: Sequence[str]) -> list[Encoding]:
        """One text at a time stays on this thread: waking the tokenizer's other threads costs more than it saves."""
        if len(texts) == 1:
            return [self._tokenizer.encode(texts[0], add_special_tokens=False)]
        return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
