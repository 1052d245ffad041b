"""The knowledge base as the checks see it: read leniently, so that one defect does not hide the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import yaml
from pydantic import ValidationError

from indexer.articles import FRONT, FrontMatter, rendered_lines
from indexer.errors import KnowledgeError, Problem
from indexer.knowledge import ARTICLE_LANGUAGES, DRIVER_LANGUAGES, Frame, read_frame, read_knowledge
from indexer.markdown import PlacedSection, parse
from indexer.types import Article, PictureBlock, Section, StepsBlock, TextBlock
from indexer.utterances import messages

ARTICLES, UTTERANCES, PICTURES = "articles", "utterances", "pictures"


@dataclass(frozen=True)
class Line:
    """One line of an article's body: ``written`` in the file, ``shown`` with the vendors' facts in it."""

    number: int
    written: str
    shown: str


@dataclass(frozen=True)
class Piece:
    """A run of text that is read as one, and the section it stands in. ``step``: it is an item of a numbered list."""

    line: int
    text: str
    section: Section
    step: bool = False


@dataclass(frozen=True)
class Page:
    """An article's file, as far as it can be read."""

    path: Path
    """Relative to the knowledge base."""
    topic: str
    language: str
    front: FrontMatter | None
    front_text: str
    lines: tuple[Line, ...]
    placed: tuple[PlacedSection, ...]
    unrendered: tuple[tuple[int, str, str], ...]
    """Expressions that could not be rendered: line, what, remedy."""

    def front_line(self, name: str) -> int:
        """The line of a field of the front matter."""
        lines = self.front_text.split("\n")
        return next((number for number, line in enumerate(lines, start=2) if line.startswith(f"{name}:")), 1)

    def lines_of(self, placed: PlacedSection) -> Iterator[Line]:
        """The lines of one section, its heading left out."""
        starts = [each.line for each in self.placed if each.line > placed.line]
        end = min(starts, default=10**9)
        first = placed.line if placed is self.placed[0] else placed.line + 1
        return (line for line in self.lines if first <= line.number < end)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The paragraphs, items of lists and steps, each with its line."""
        found = []
        for placed in self.placed:
            for block, line in zip(placed.section.blocks, placed.block_lines, strict=True):
                match block:
                    case TextBlock():
                        texts, step = block.text.split("\n"), False
                    case StepsBlock():
                        texts, step = list(block.items), True
                    case PictureBlock():
                        continue
                found += [
                    Piece(line + place, text.removeprefix("• "), placed.section, step)
                    for place, text in enumerate(texts)
                ]
        return tuple(found)

    @property
    def article(self) -> Article | None:
        """The article, where its front matter can be read."""
        if self.front is None:
            return None
        sections = tuple(each.section for each in self.placed)
        return Article(**self.front.model_dump(exclude={"origin"}), sections=sections)


@dataclass(frozen=True)
class Example:
    """An utterance and where it stands."""

    path: Path
    line: int
    language: str
    label: str
    text: str


@dataclass(frozen=True)
class Base:
    """Everything that is checked. ``problems``: what reading it strictly, as the index does, complains of."""

    folder: Path
    frame: Frame
    pages: tuple[Page, ...]
    examples: tuple[Example, ...]
    problems: tuple[Problem, ...]
    today: date

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The topics' ids."""
        return tuple(topic.id for topic in self.frame.topics)

    @cached_property
    def by_name(self) -> dict[tuple[str, str], Page]:
        """Pages by language and topic."""
        return {(page.language, page.topic): page for page in self.pages}

    def translations(self) -> Iterator[tuple[Page, Page]]:
        """Each article that is not English, with the English one that it is a translation of."""
        for page in self.pages:
            source = self.by_name.get(("en", page.topic))
            if source is not None and page.language != "en":
                yield source, page


def open_base(folder: Path, today: date) -> Base:
    """Read the knowledge base below ``folder``; ``today`` is what reviews are overdue against.

    Raises:
        KnowledgeError: where topics, languages or vendors cannot be read: nothing can be checked without them.
    """
    frame = read_frame(folder)
    pages = tuple(
        _page(folder, path, frame) for path in sorted((folder / ARTICLES).glob("*/*.md")) if _is_article(path)
    )
    return Base(folder, frame, pages, tuple(_examples(folder, frame)), _problems(folder), today)


def _is_article(path: Path) -> bool:
    return path.parent.name in ARTICLE_LANGUAGES


def _problems(folder: Path) -> tuple[Problem, ...]:
    try:
        read_knowledge(folder)
    except KnowledgeError as error:
        return error.problems
    return ()


def _page(folder: Path, path: Path, frame: Frame) -> Page:
    source = path.read_text(encoding="utf-8", errors="replace")
    match = FRONT.match(source)
    body = source[match.end() :] if match else source
    front_text = match[1] if match else ""
    first = source[: match.end()].count("\n") + 1 if match else 1
    unrendered: list[tuple[int, str, str]] = []
    language = path.parent.name
    shown = rendered_lines(body, language, frame.facts, first, lambda *found: unrendered.append(found))
    lines = tuple(
        Line(number, written, rendered)
        for number, (written, rendered) in enumerate(zip(body.split("\n"), shown, strict=True), start=first)
    )
    placed = tuple(parse("\n".join(shown), first, lambda *_: None))
    return Page(
        path.relative_to(folder), path.stem, language, _front(front_text), front_text, lines, placed, tuple(unrendered)
    )


def _front(text: str) -> FrontMatter | None:
    try:
        return FrontMatter.model_validate(yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506 (all values stay text)
    except (yaml.YAMLError, ValidationError):
        return None


def _examples(folder: Path, frame: Frame) -> Iterator[Example]:
    labels = {topic.id for topic in frame.topics} | {entry.id for entry in frame.classes}
    for path in sorted((folder / UTTERANCES).glob("*/*.txt")):
        if path.stem in labels:
            for number, language, text in messages(path, DRIVER_LANGUAGES, []):
                yield Example(path.relative_to(folder), number, language, path.stem, text)
