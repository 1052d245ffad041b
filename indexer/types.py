"""The values that the knowledge base and the index are made of. All frozen; language travels in each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class TextBlock:
    """A paragraph or a bulleted list as plain text, without markup."""

    text: str


@dataclass(frozen=True)
class StepsBlock:
    """A numbered list: one action an item."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class PictureBlock:
    """A drawing: ``name`` is a file of kb/pictures, ``alt`` says in words what it shows."""

    name: str
    alt: str


Block = TextBlock | StepsBlock | PictureBlock


@dataclass(frozen=True)
class Section:
    """One part of an article. ``vendor`` and ``country`` limit whom it may be shown to."""

    id: str
    heading: str
    blocks: tuple[Block, ...]
    vendor: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class Article:
    """One topic in one language; the first section is the lead (id ``lead``, no heading)."""

    id: str
    language: str
    title: str
    alternative_titles: tuple[str, ...]
    vendors: tuple[str, ...]
    owner: str
    updated: date
    review_by: date
    related: tuple[str, ...]
    sections: tuple[Section, ...]

    def section(self, section_id: str) -> Section | None:
        """The section of that id, if the article has it."""
        return next((section for section in self.sections if section.id == section_id), None)


@dataclass(frozen=True)
class Passage:
    """What is embedded and found: one section of one article with the title as context."""

    article: str
    language: str
    section: str
    text: str
    vendor: str | None = None

    @property
    def key(self) -> str:
        """Names the passage in logs and results: ``en/minimum-balance#steps``."""
        return f"{self.language}/{self.article}#{self.section}"


@dataclass(frozen=True)
class PassageHit:
    """A passage found for a query, with the score of its ranker (higher is better)."""

    passage: Passage
    score: float


@dataclass(frozen=True)
class TopicScore:
    """A topic (or class) and its calibrated probability."""

    id: str
    score: float


@dataclass(frozen=True)
class Ranking:
    """What a line is about: topics by falling probability, classes such as out of scope, the nearest passages.

    ``confidence``: calibrated probability that the best topic answers the line.
    """

    topics: tuple[TopicScore, ...]
    confidence: float
    classes: dict[str, float] = field(hash=False)
    passages: tuple[PassageHit, ...]

    @property
    def best(self) -> TopicScore:
        """The most probable topic."""
        return self.topics[0]
