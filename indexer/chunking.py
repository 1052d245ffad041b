"""Cuts articles into passages: one a section, with the title as context; a step list is never cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.types import Article, Passage, PictureBlock, Section, StepsBlock

TITLES = "titles"


def section_text(section: Section) -> str:
    """The section as running text, steps and pictures' alternatives included."""
    parts: list[str] = []
    for block in section.blocks:
        if isinstance(block, StepsBlock):
            parts.extend(block.items)
        else:
            parts.append(block.alt if isinstance(block, PictureBlock) else block.text)
    return " ".join(parts)


def passages_of(article: Article) -> Iterator[Passage]:
    """One passage for each title, then one for each section."""
    for title in (article.title, *article.alternative_titles):
        yield Passage(article.id, article.language, TITLES, title)
    for section in article.sections:
        context = f"{article.title}. {section.heading}." if section.heading else f"{article.title}."
        text = f"{context} {section_text(section)}"
        yield Passage(article.id, article.language, section.id, text, section.vendor)


def passages(articles: Iterable[Article]) -> list[Passage]:
    """The passages of all articles, in the articles' order."""
    return [passage for article in articles for passage in passages_of(article)]
