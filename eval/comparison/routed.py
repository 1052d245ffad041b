"""A system made of one finder a language: the nearest documents give the topics."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from eval.comparison.documents import by_language
from eval.comparison.ports import Document, Finder, Ranked
from eval.questions import Question
from indexer.knowledge import Language

NEAREST = 200
"""Documents that are asked for, as many as the product asks of its own store (indexer/search.py)."""
SHOWN_TOPICS = 5
DECLINED = -1.0
"""Confidence of who does not answer: below every score."""


class Routed:
    """Sends a question to the finder of its language, which it is told: the product has to find that out.

    A topic is as near as its nearest document. Where the nearest document of all belongs to no topic, such as an
    utterance that is out of scope, it does not answer.

    Args:
        finder: makes the finder of one language, given the article language that is most like it (its kin).
        topics: the labels that are topics; the others are classes of messages that no article answers.
    """

    def __init__(
        self, finder: Callable[[str], Finder], languages: Mapping[str, Language], topics: Collection[str]
    ) -> None:
        self._finder, self._languages, self._topics = finder, languages, frozenset(topics)
        self._built: dict[str, tuple[list[Document], Finder]] = {}
        self.abstains = False

    def build(self, documents: Sequence[Document]) -> None:
        """One finder a language that has documents."""
        self.abstains = any(each.label not in self._topics for each in documents)
        for code, mine in by_language(documents, self._languages).items():
            finder = self._finder(self._languages[code].kin)
            finder.build(mine)
            self._built[code] = mine, finder

    def ask(self, question: Question) -> Ranked:
        """The topics of the nearest documents."""
        documents, finder = self._built[question.language]
        best: dict[str, float] = {}
        for hit in finder.nearest(question.text, NEAREST):
            best.setdefault(documents[hit.document].label, hit.score)
        labels = list(best)
        topics = tuple(label for label in labels if label in self._topics)[:SHOWN_TOPICS] or ("",)
        if not labels or labels[0] not in self._topics:
            return Ranked(topics, DECLINED, "none", question.language)
        return Ranked(topics, best[labels[0]], "answer", question.language)
