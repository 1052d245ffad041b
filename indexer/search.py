"""One opened index: finds passages, ranks topics, gives articles. Immutable, so it can be swapped while serving."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from indexer.chunking import TITLES
from indexer.classifier import TopicClassifier
from indexer.knowledge import OUT_OF_SCOPE, Language, Vendor
from indexer.lexical import LexicalIndex
from indexer.manifest import Manifest, check_files, current_build, read_manifest
from indexer.markdown import LEAD
from indexer.neighbours import Neighbours
from indexer.ports import Embedder, Vectors, VectorStore
from indexer.ranking import (
    Calibration,
    Grounds,
    Scores,
    Signals,
    Weights,
    best_by_topic,
    confidence,
    fused,
    probabilities,
)
from indexer.stores.faiss_store import FaissStore
from indexer.types import Article, Passage, PassageHit, Ranking, TopicScore

# Passages asked of the vector store for one line; with some 40 topics they cover every topic that matters.
NEAREST = 200
SHOWN_PASSAGES = 5
# Keeps the logarithm of a vanishing probability finite.
TINY = 1e-4
LEARNT = "learnt"
"""Folder of what was learnt from the utterances."""


@dataclass(frozen=True)
class _Evidence:
    """The passages near one line: row numbers and scores by meaning (cosine) and by words (BM25)."""

    dense_rows: NDArray[np.int64]
    dense: Scores
    lexical_rows: NDArray[np.int64]
    lexical: Scores


@dataclass(frozen=True)
class Contents:
    """The parts of the knowledge base that answering needs."""

    topics: tuple[str, ...]
    classes: tuple[str, ...]
    languages: dict[str, Language]
    vendors: dict[str, Vendor]
    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]


CONTENTS: TypeAdapter[Contents] = TypeAdapter(Contents)


class Index:
    """Everything that was built, ready to be asked."""

    def __init__(
        self,
        contents: Contents,
        embedder: Embedder,
        store: VectorStore,
        lexical: LexicalIndex,
        classifier: TopicClassifier,
        neighbours: Neighbours,
        manifest: Manifest,
        weights: Weights,
        calibration: Calibration,
    ) -> None:
        self.contents, self.embedder, self.manifest = contents, embedder, manifest
        self._store, self._lexical, self.classifier, self._weights = store, lexical, classifier, weights
        self._neighbours, self._calibration = neighbours, calibration
        self._out_of_scope = self.labels.index(OUT_OF_SCOPE)
        self._articles = {(article.language, article.id): article for article in contents.articles}
        numbers = {topic: number for number, topic in enumerate(contents.topics)}
        self._topic_of = np.array([numbers[passage.article] for passage in contents.passages], np.int64)
        self._sections = _rows_of_sections(contents.passages)
        languages = np.array([passage.language for passage in contents.passages])
        self._foreign: Mapping[str, NDArray[np.bool_]] = {
            name: ~np.isin(languages, [language.kin, *language.read[:1]])
            for name, language in contents.languages.items()
        }

    @property
    def labels(self) -> tuple[str, ...]:
        """Topics, then classes, in the order of all scores."""
        return self.classifier.labels

    @property
    def languages(self) -> Mapping[str, Language]:
        """The languages that drivers may write, by code."""
        return self.contents.languages

    @property
    def vendors(self) -> Mapping[str, Vendor]:
        """The source systems by id."""
        return self.contents.vendors

    def article(self, topic: str, language: str) -> Article | None:
        """The article of a topic in exactly that language."""
        return self._articles.get((language, topic))

    def readable_article(self, topic: str, language: str, wanted: str | None = None) -> Article:
        """The article in the language that the driver chose, or the nearest one they can read.

        Raises:
            KeyError: when the topic is unknown.
        """
        for each in (wanted, *self.languages[language].read, "en"):
            if each and (found := self.article(topic, each)):
                return found
        raise KeyError(topic)

    def language_chances(self, text: str) -> dict[str, float]:
        """How likely ``text`` is written in each language, by what drivers' lines look like."""
        chances = np.exp(self.classifier.language([text])[0])
        return dict(zip(self.classifier.languages, map(float, chances), strict=True))

    def rank(self, text: str, language: str) -> Ranking:
        """What ``text``, written in ``language``, is about."""
        return self._ranking(text, language, self.embedder.queries([text])[0])

    def signals(self, text: str, language: str, vector: Vectors) -> Signals:
        """What each ranker says of one line; ``vector`` is its embedding, shape (d,)."""
        return self._signals(text, language, vector, self._evidence(text, language, vector))

    def search(self, text: str, language: str, count: int) -> list[PassageHit]:
        """The ``count`` best passages by meaning and words together, the driver's language preferred."""
        scores = self._fused(self._evidence(text, language, self.embedder.queries([text])[0]))
        return self._hits(scores, np.argsort(-scores)[:count])

    def nearest(self, vector: Vectors) -> PassageHit:
        """The passage that is nearest by meaning alone, in any language, with its cosine; ``vector``: shape (d,)."""
        scores, rows = self._store.search(vector[None], 1)
        return PassageHit(self.contents.passages[rows[0][0]], float(scores[0][0]))

    def _ranking(self, text: str, language: str, vector: Vectors) -> Ranking:
        evidence = self._evidence(text, language, vector)
        topics = len(self.contents.topics)
        signals = self._signals(text, language, vector, evidence)
        chances = probabilities(signals, self._weights, topics)
        order = np.argsort(-chances[:topics], kind="stable")
        return Ranking(
            tuple(TopicScore(self.labels[number], float(chances[number])) for number in order),
            confidence(self.grounds(chances, signals), self._calibration),
            {label: float(chance) for label, chance in zip(self.labels[topics:], chances[topics:], strict=True)},
            self._shown(evidence, self.readable_article(self.labels[order[0]], language)),
        )

    def grounds(self, chances: Scores, signals: Signals) -> Grounds:
        """What the confidence in the best topic rests on; ``chances`` are the probabilities of all labels."""
        best = int(np.argmax(chances[: len(self.contents.topics)]))
        return Grounds(
            math.log(chances[best] + TINY),
            math.log(chances[self._out_of_scope] + TINY),
            float(signals.neighbours[best]),
            float(signals.neighbours[self._out_of_scope]),
        )

    def _evidence(self, text: str, language: str, vector: Vectors) -> _Evidence:
        scores, rows = self._store.search(vector[None], NEAREST)
        penalty = self._weights.other_language * self._foreign[language][rows[0]]
        lexical_rows, lexical_scores = self._lexical.scores(text, self.languages[language].kin)
        return _Evidence(rows[0], np.asarray(scores[0] - penalty, np.float32), lexical_rows, lexical_scores)

    def _signals(self, text: str, language: str, vector: Vectors, evidence: _Evidence) -> Signals:
        count = len(self.labels)
        return Signals(
            self.classifier.by_meaning(vector[None])[0],
            self.classifier.by_spelling([text])[0],
            self._neighbours.shares(vector, language, count),
            best_by_topic(evidence.dense_rows, evidence.dense, self._topic_of, count),
            best_by_topic(evidence.lexical_rows, evidence.lexical, self._topic_of, count),
        )

    def _shown(self, evidence: _Evidence, best: Article) -> tuple[PassageHit, ...]:
        """The best passages; then, from the best one down to its lead, the sections of the best topic's article.

        The sections before the lead are what the question was about, though other articles may have nearer titles.
        """
        scores = self._fused(evidence)
        rows = self._sections[best.language, best.id]
        own = self._hits(scores, rows[np.argsort(-scores[rows], kind="stable")])
        lead = next((number for number, hit in enumerate(own) if hit.passage.section == LEAD), -1)
        return tuple(dict.fromkeys([*self._hits(scores, np.argsort(-scores)[:SHOWN_PASSAGES]), *own[: lead + 1]]))

    def _fused(self, evidence: _Evidence) -> Scores:
        size = len(self.contents.passages)
        dense = np.full(size, evidence.dense.min(), np.float32)
        dense[evidence.dense_rows] = evidence.dense
        lexical = np.zeros(size, np.float32)
        lexical[evidence.lexical_rows] = evidence.lexical
        return fused(dense, lexical)

    def _hits(self, scores: Scores, rows: NDArray[np.int64]) -> list[PassageHit]:
        return [PassageHit(self.contents.passages[row], float(scores[row])) for row in rows]


def _rows_of_sections(passages: Sequence[Passage]) -> Mapping[tuple[str, str], NDArray[np.int64]]:
    """By language and article: where its sections stand among the passages."""
    rows: dict[tuple[str, str], list[int]] = {}
    for row, passage in enumerate(passages):
        if passage.section != TITLES:
            rows.setdefault((passage.language, passage.article), []).append(row)
    return {name: np.array(each, np.int64) for name, each in rows.items()}


def open_index(root: Path, embedder: Embedder, weights: Weights | None = None) -> Index:
    """Open the build that serves, after checking that it is whole and made by this model.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch: each says which command to run.
    """
    return open_build(current_build(root), embedder, weights)


def open_build(folder: Path, embedder: Embedder, weights: Weights | None = None) -> Index:
    """Open one build; see :func:`open_index`."""
    manifest = read_manifest(folder)
    manifest.check_model(embedder.fingerprint, embedder.dimension)
    check_files(folder, manifest)
    return Index(
        CONTENTS.validate_json((folder / "contents.json").read_bytes()),
        embedder,
        FaissStore.load(folder / "vectors.faiss"),
        LexicalIndex.load(folder / "lexical"),
        TopicClassifier.load(folder / LEARNT / "classifier.npz"),
        Neighbours.load(folder / LEARNT / "neighbours.npz"),
        manifest,
        weights or Weights.load(),
        Calibration.load(),
    )
