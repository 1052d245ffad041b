"""Whether questions find the articles, and topics can be told apart: what the embedding model says of the utterances.

Nothing is trained. An utterance is left out and compared with the others of its language, so what is found holds for
questions that were never seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.chunking import passages
from indexer.lexical import LexicalIndex
from indexer.lint.base import Base, Example
from indexer.lint.rules import ExampleRules, Rules
from indexer.lint.types import Found
from indexer.neighbours import SHARPNESS
from indexer.ports import Embedder, Vectors
from indexer.types import Passage

BATCH = 2_048


@dataclass(frozen=True)
class Meanings:
    """The base with the vectors of its utterances and passages."""

    base: Base
    embedder: Embedder

    @cached_property
    def examples(self) -> Vectors:
        """Unit vectors of the base's utterances, shape (n, d)."""
        texts = [each.text for each in self.base.examples]
        parts = [self.embedder.queries(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, self.embedder.dimension), np.float32)

    @cached_property
    def passages(self) -> Mapping[str, Sequence[Passage]]:
        """What the index would find, by language."""
        found = passages(article for page in self.base.pages if (article := page.article))
        codes = sorted({each.language for each in found})
        return {code: [each for each in found if each.language == code] for code in codes}

    @cached_property
    def rows(self) -> Mapping[str, NDArray[np.int64]]:
        """The rows of each language's utterances."""
        codes = np.array([each.language for each in self.base.examples])
        return {str(code): np.flatnonzero(codes == code) for code in sorted(set(codes.tolist()))}


def unfound_article(meanings: Meanings, _: Rules) -> Iterator[Found]:
    """An article that none of its topic's utterances finds first, neither by meaning nor by words."""
    for language, mine in meanings.passages.items():
        rows = meanings.rows.get(language)
        if rows is None:
            continue
        vectors = meanings.embedder.passages([each.text for each in mine])
        best = np.argmax(meanings.examples[rows] @ vectors.T, axis=1)
        found: dict[str, Counter[str]] = {}
        for row, place in zip(rows, best, strict=True):
            found.setdefault(meanings.base.examples[row].label, Counter())[mine[place].article] += 1
        lexical = LexicalIndex.built(mine)
        for topic in sorted({each.article for each in mine} & found.keys()):
            if topic in found[topic] or _by_words(meanings, language, lexical, topic):
                continue
            instead, _count = found[topic].most_common(1)[0]
            what = f"None of its {found[topic].total()} utterances finds it first; most find {instead}"
            path = meanings.base.by_name[language, topic].path
            yield Found(path, 1, what, "Use the words of the utterances in titles and lead.")


def _by_words(meanings: Meanings, language: str, lexical: LexicalIndex, topic: str) -> bool:
    mine = meanings.passages[language]
    for row in meanings.rows[language]:
        if meanings.base.examples[row].label == topic:
            places, scores = lexical.scores(meanings.base.examples[row].text, language)
            if scores.size and scores.max() > 0 and mine[places[int(np.argmax(scores))]].article == topic:
                return True
    return False


def confused_topics(meanings: Meanings, rules: Rules) -> Iterator[Found]:
    """Two topics of which many utterances of one lie nearest to the other's, with those that do."""
    totals: Counter[str] = Counter()
    taken: dict[tuple[str, str], list[Example]] = {}
    for rows in meanings.rows.values():
        mine = [meanings.base.examples[row] for row in rows]
        totals.update(each.label for each in mine)
        for each, said in zip(mine, _left_out(meanings.examples[rows], mine, rules.examples), strict=True):
            if said != each.label:
                taken.setdefault((each.label, said), []).append(each)
    topics = set(meanings.base.topics)
    for (label, said), examples in sorted(taken.items()):
        share = len(examples) / totals[label]
        enough = len(examples) >= rules.examples.confused_lines and share >= rules.examples.confused_share
        if enough and {label, said} <= topics:
            counts = Counter(each.language for each in examples)
            examples = sorted(examples, key=lambda each: -counts[each.language])
            shown = ", ".join(f"{each.text!r}" for each in examples[: rules.examples.shown])
            what = f"{len(examples)} of {totals[label]} utterances of {label} ({share:.0%}) sound like {said}: {shown}"
            remedy = "Move those that belong there; draw the line in kb/topics.yaml."
            yield Found(examples[0].path, examples[0].line, what, remedy)


def _left_out(vectors: Vectors, examples: Sequence[Example], rules: ExampleRules) -> list[str]:
    """The label that the nearest other utterances give each, the nearer ones counting more."""
    labels = sorted({each.label for each in examples})
    numbers = np.array([labels.index(each.label) for each in examples])
    count = min(rules.neighbours, len(examples) - 1)
    if count < 1:
        return [each.label for each in examples]
    said = []
    for start in range(0, len(examples), BATCH):
        scores = vectors[start : start + BATCH] @ vectors.T
        scores[np.arange(len(scores)), start + np.arange(len(scores))] = -np.inf
        nearest = np.argpartition(-scores, count - 1, axis=1)[:, :count]
        weights = np.exp(SHARPNESS * np.take_along_axis(scores, nearest, axis=1))
        votes = np.zeros((len(scores), len(labels)))
        for place in range(count):
            np.add.at(votes, (np.arange(len(scores)), numbers[nearest[:, place]]), weights[:, place])
        said += [labels[number] for number in votes.argmax(axis=1)]
    return said
