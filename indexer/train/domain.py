"""What the project itself teaches: the same words in two languages, and which words belong to which topic."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.chunking import passages
from indexer.knowledge import Knowledge
from indexer.types import Article, Section, StepsBlock, TextBlock
from indexer.utterances import PARALLEL, parallel_blocks


@dataclass(frozen=True)
class Line:
    """A text and the place of its topic or class in ``Domain.labels``."""

    label: int
    language: str
    text: str


@dataclass(frozen=True)
class Domain:
    """The project's own training texts; ``label`` and ``topic`` are places in ``labels``.

    ``twins`` are groups of messages, titles, paragraphs or steps that say the same in several languages.
    """

    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    twins: tuple[tuple[Line, ...], ...]
    passages: tuple[Line, ...]

    @classmethod
    def of(cls, knowledge: Knowledge, utterances: Path) -> Domain:
        """Collect from the knowledge base; ``utterances`` is the folder that holds the parallel files."""
        numbers = {label: number for number, label in enumerate(knowledge.labels)}
        twins = [
            tuple(Line(numbers[path.stem], language, text) for language, text in block.items())
            for path in sorted((utterances / PARALLEL).glob("*.txt"))
            for block in parallel_blocks(path)
            if len(block) > 1
        ]
        by_topic: dict[str, list[Article]] = {}
        for article in knowledge.articles:
            by_topic.setdefault(article.id, []).append(article)
        for topic, articles in by_topic.items():
            languages = [article.language for article in articles]
            for group in _same_texts(articles):
                twins.append(tuple(Line(numbers[topic], *each) for each in zip(languages, group, strict=True)))
        return cls(
            tuple(knowledge.labels),
            tuple(Line(numbers[each.label], each.language, each.text) for each in knowledge.utterances),
            tuple(twins),
            tuple(Line(numbers[each.article], each.language, each.text) for each in passages(knowledge.articles)),
        )

    def pair(self, rng: random.Random) -> tuple[Line, Line]:
        """Two texts of one group, in two languages."""
        first, second = rng.sample(self.twins[rng.randrange(len(self.twins))], 2)
        return first, second


def _same_texts(articles: Sequence[Article]) -> Iterator[tuple[str, ...]]:
    """What sister articles say at the same place: they share sections and steps (checked when read)."""
    yield tuple(article.title for article in articles)
    for sections in zip(*(article.sections for article in articles), strict=True):
        texts = [_section_texts(section) for section in sections]
        if len(set(map(len, texts))) == 1:  # paragraphs may be fewer in one language: then nobody knows which is which
            yield from zip(*texts, strict=True)


def _section_texts(section: Section) -> list[str]:
    """Heading, paragraphs and steps in order."""
    found = [section.heading] if section.heading else []
    for block in section.blocks:
        if isinstance(block, StepsBlock):
            found.extend(block.items)
        elif isinstance(block, TextBlock):
            found.append(block.text)
    return found
