"""Small stand-ins with behaviour."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from bot.adapters.conversations.memory import MemoryConversations
from bot.events import Event, Happening
from bot.types import Reply, TemplateOrigin, TextPart, Understanding
from eval import dialogues
from eval.transcripts import SATURDAY
from indexer.build import Progress
from indexer.ports import Vectors
from indexer.search import Index


class LetterEmbedder:
    """Texts that share words get near vectors; needs no model. Counts what it was asked to embed."""

    def __init__(self, dimension: int = 64, version: str = "1") -> None:
        self.name = "letters"
        self.fingerprint = f"letters:{dimension}:{version}"
        self.dimension = dimension
        self.embedded: list[str] = []

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        vectors = np.full((len(texts), self.dimension), 1e-3, np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                vectors[row, zlib.crc32(word.encode()) % self.dimension] += 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class SteppingClock(dialogues.SteppingClock):
    """Moves on by a second each time it is asked; it begins on a Saturday, while nobody answers."""

    def __init__(self) -> None:
        super().__init__(SATURDAY)


class FixedIndex:
    """Serves one index for good."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def current(self) -> Index:
        return self._index


class OvertakenConversations(MemoryConversations):
    """Another process appends after a turn has read the conversation: each time until ``rival`` is None, or once."""

    def __init__(self, rival: Happening | None, once: bool = False) -> None:
        super().__init__()
        self.rival, self._once = rival, once

    def events(self, conversation: str, after: int = 0, limit: int | None = None) -> list[Event]:
        found = super().events(conversation, after, limit)
        if self.rival:
            super().append(conversation, [self.rival], SteppingClock().now(), len(super().events(conversation)))
            self.rival = None if self._once else self.rival
        return found


class BrokenConversations(MemoryConversations):
    """Its disk is full: nothing can be appended."""

    def append(self, conversation: str, happenings: Sequence[Happening], at: datetime, expected: int) -> None:
        raise OSError("No space left on /var/lib/secret-path")


def an_understanding(**changes: object) -> Understanding:
    """A message understood as English about cables, but for ``changes``."""
    usual: dict[str, object] = {
        "language": "en", "language_source": "message", "language_confidence": 0.9,
        "topics": ({"id": "cable-stuck", "score": 0.9},), "confidence": 0.9, "classes": {}, "vendor": None,
        "passages": (),
    }  # fmt: skip
    return Understanding.model_validate(usual | changes)


def a_reply(**changes: object) -> Reply:
    """A short reply that knows nothing, but for ``changes``."""
    part = TextPart(text="I do not know.", origin=TemplateOrigin(template="none", language="en"))
    usual: dict[str, object] = {
        "id": "r-1", "language": "en", "decision": "none", "topic": None, "confidence": 0.1, "parts": (part,),
        "quick_replies": (), "sources": (), "text": "I do not know.",
    }  # fmt: skip
    return Reply.model_validate(usual | changes)


class BrokenEmbedder(LetterEmbedder):
    """Fails at one of its two tasks, as a model does that runs out of memory."""

    def __init__(self, task: str, version: str = "1") -> None:
        super().__init__(version=version)
        self._task = task

    def queries(self, texts: Sequence[str]) -> Vectors:
        if self._task == "queries":
            raise MemoryError("no memory for queries")
        return super().queries(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        if self._task == "passages":
            raise MemoryError("no memory for passages")
        return super().passages(texts)


class HeardProgress(Progress):
    """Remembers what a build told: the announced and the done units of each stage."""

    def __init__(self) -> None:
        self.totals: dict[str, int] = {}
        self.done: dict[str, int] = {}
        self._stage = ""

    def stage(self, name: str, total: int) -> None:
        self._stage = name
        self.totals[name] = total
        self.done[name] = 0

    def advance(self, count: int) -> None:
        self.done[self._stage] += count
