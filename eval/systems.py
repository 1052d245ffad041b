"""The systems that are compared: the product and its parts, each ranking the topics of a line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.conversation import Conversations
from bot.types import Context
from eval.metrics import Outcome
from eval.questions import Question
from indexer.ports import Embedder
from indexer.ranking import Scores, Signals, Weights, probabilities
from indexer.search import Index


@dataclass(frozen=True)
class Part:
    """A way to rank topics with some of the signals; it always answers."""

    name: str
    scores: Callable[[Signals, Weights, int], Scores]


def _weighted(**changes: float) -> Callable[[Signals, Weights, int], Scores]:
    def scores(signals: Signals, weights: Weights, topics: int) -> Scores:
        return probabilities(signals, weights.model_copy(update=changes), topics)[:topics]

    return scores


_NOTHING = {"meaning": 0.0, "spelling": 0.0, "neighbours": 0.0, "passage_dense": 0.0, "passage_lexical": 0.0}
PARTS = (
    Part("BM25 alone", _weighted(**_NOTHING | {"passage_lexical": 1.0})),
    Part("dense alone", _weighted(**_NOTHING | {"passage_dense": 10.0})),
    Part("dense + BM25", _weighted(**_NOTHING | {"passage_dense": 10.0, "passage_lexical": 1.0})),
    Part("classifier alone", _weighted(passage_dense=0.0, passage_lexical=0.0)),
)


def run_parts(index: Index, questions: Sequence[Question], weights: Weights) -> dict[str, list[Outcome]]:
    """Each part over all questions; the language is given, as these systems do not guess it."""
    topics = len(index.contents.topics)
    outcomes: dict[str, list[Outcome]] = {part.name: [] for part in PARTS}
    for question in questions:
        signals = index.signals(question.text, question.language, index.embedder.queries([question.text])[0])
        for part in PARTS:
            scores = part.scores(signals, weights, topics)
            outcomes[part.name].append(_outcome(index, question, scores))
    return outcomes


def run_teacher(index: Index, questions: Sequence[Question], teacher: Embedder) -> list[Outcome]:
    """Nearest passage by the English teacher's vectors: what the shipped model has to beat."""
    vectors = teacher.passages([passage.text for passage in index.contents.passages])
    numbers = {topic: number for number, topic in enumerate(index.contents.topics)}
    topic_of = np.array([numbers[passage.article] for passage in index.contents.passages])
    outcomes = []
    for question, query in zip(questions, teacher.queries([each.text for each in questions]), strict=True):
        best = np.full(len(numbers), -1.0, np.float32)
        np.maximum.at(best, topic_of, vectors @ query)
        outcomes.append(_outcome(index, question, best))
    return outcomes


def _outcome(index: Index, question: Question, scores: Scores) -> Outcome:
    order = np.argsort(-scores, kind="stable")[:5]
    topics = tuple(index.contents.topics[number] for number in order)
    return Outcome(question, topics, float(scores[order[0]]), "answer", question.language, 0.0)


def run_product(conversations: Conversations, questions: Iterable[Question]) -> list[Outcome]:
    """The whole chain from the line to the rendered text, as ``plugdesk ask`` takes it."""
    conversations.answer("warm up", Context())
    outcomes = []
    for question in questions:
        start = time.perf_counter()
        heard, reply = conversations.answer(question.text)
        spent = (time.perf_counter() - start) * 1000
        topics = tuple(topic.id for topic in heard.topics) or ("",)
        outcomes.append(
            Outcome(question, topics, heard.confidence, reply.decision, reply.language, spent, heard.passages)
        )
    return outcomes


def always_answered(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The same ranking without the policy, to compare rankings alone."""
    return [replace(each, decision="answer") for each in outcomes]
