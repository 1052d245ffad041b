"""What the comparison asks of a system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from eval.questions import Question


@dataclass(frozen=True)
class Document:
    """A text that belongs to a topic or a class of messages: a passage of an article, or an example utterance."""

    label: str
    language: str
    text: str
    is_utterance: bool = False


@dataclass(frozen=True)
class Ranked:
    """Topics by falling score. ``confidence`` orders a system's own answers and compares with no other system's."""

    topics: tuple[str, ...]
    confidence: float
    decision: Literal["answer", "choices", "none"]
    language: str


@dataclass(frozen=True)
class Hit:
    """A document, by its place in the list that was given, and its score; higher is nearer."""

    document: int
    score: float


class Finder(Protocol):
    """Finds the documents of one language that are nearest to a text."""

    def build(self, documents: Sequence[Document]) -> None:
        """Take the documents in; called once, before anything is asked."""

    def nearest(self, text: str, count: int) -> Sequence[Hit]:
        """At most ``count`` documents, nearest first."""


class System(Protocol):
    """Ranks the topics of a question."""

    @property
    def abstains(self) -> bool:
        """Whether it can decide not to answer."""

    def build(self, documents: Sequence[Document], /) -> None:
        """Take the documents in; called once, before anything is asked."""

    def ask(self, question: Question) -> Ranked:
        """What the question is about."""
