"""BM25 over the passages, one index a language (bm25s computes, :mod:`indexer.analysis` gives the words)."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from indexer.analysis import Analyser
from indexer.types import Passage

# On import it makes itself heard at debug level, whatever the application wants.
logging.getLogger("bm25s").setLevel(logging.WARNING)


class LexicalIndex:
    """Scores every passage of a language for a query; a query is read with that language's analyser."""

    def __init__(
        self, analysers: Mapping[str, Analyser], rows: Mapping[str, NDArray[np.int64]], models: Mapping[str, bm25s.BM25]
    ) -> None:
        self._analysers, self._rows, self._models = analysers, rows, models

    @classmethod
    def built(cls, passages: Sequence[Passage]) -> LexicalIndex:
        """Index ``passages``; their positions are the row numbers of the scores."""
        analysers, rows, models = {}, {}, {}
        for language in sorted({passage.language for passage in passages}):
            mine = [row for row, passage in enumerate(passages) if passage.language == language]
            texts = [passages[row].text for row in mine]
            analysers[language] = Analyser.learnt(language, texts)
            rows[language] = np.array(mine, np.int64)
            models[language] = bm25s.BM25()
            models[language].index([analysers[language](text) for text in texts], show_progress=False)
        return cls(analysers, rows, models)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have passages."""
        return tuple(self._models)

    def scores(self, query: str, language: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Row numbers and BM25 scores of all passages in ``language``."""
        rows, model = self._rows[language], self._models[language]
        known = [stem for stem in self._analysers[language](query) if stem in model.vocab_dict]
        if not known:
            return rows, np.zeros(len(rows), np.float32)
        return rows, model.get_scores(known)

    def save(self, folder: Path) -> None:
        """Write everything below ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        for language, model in self._models.items():
            model.save(folder / language, show_progress=False)
            facts = {"rows": self._rows[language].tolist(), "parts": sorted(self._analysers[language].parts)}
            (folder / language / "analyser.json").write_text(json.dumps(facts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read what :meth:`save` wrote."""
        analysers, rows, models = {}, {}, {}
        for path in sorted(folder.iterdir()):
            facts = json.loads((path / "analyser.json").read_text(encoding="utf-8"))
            analysers[path.name] = Analyser(path.name, facts["parts"])
            rows[path.name] = np.array(facts["rows"], np.int64)
            models[path.name] = bm25s.BM25.load(path)
        return cls(analysers, rows, models)
