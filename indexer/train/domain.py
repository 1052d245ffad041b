"""Sentence pairs from the project's own articles: the same title, heading, step or paragraph in two languages."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.train.corpus import Pair
from indexer.types import Article, Section, StepsBlock, TextBlock

SOURCE = "plugdesk-articles"


def article_pairs(articles: tuple[Article, ...]) -> Iterator[Pair]:
    """Pairs of every article with its English sister; they share sections and steps (checked when read)."""
    english = {article.id: article for article in articles if article.language == "en"}
    for article in articles:
        if article.language == "en":
            continue
        source = english[article.id]
        yield Pair(article.language, source.title, article.title, SOURCE)
        for own, other in zip(article.sections, source.sections, strict=True):
            yield from _section_pairs(article.language, own, other)


def _section_pairs(language: str, own: Section, english: Section) -> Iterator[Pair]:
    if own.heading:
        yield Pair(language, english.heading, own.heading, SOURCE)
    for mine, theirs in zip(own.blocks, english.blocks, strict=False):
        if isinstance(mine, StepsBlock) and isinstance(theirs, StepsBlock) and len(mine.items) == len(theirs.items):
            for step, original in zip(mine.items, theirs.items, strict=True):
                yield Pair(language, original, step, SOURCE)
        elif isinstance(mine, TextBlock) and isinstance(theirs, TextBlock):
            yield Pair(language, theirs.text, mine.text, SOURCE)
