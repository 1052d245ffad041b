"""What importing is about: documents as they were read, and what was made of them. All frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["html", "markdown", "docx", "pdf", "text"]


@dataclass(frozen=True)
class Document:
    """One article as it lies somewhere: its bytes, and what its source knows of it.

    ``address`` is a URL or a file, with ``#`` and a name where one file holds many. ``encoding`` and ``language`` are
    claims of the source, and may be wrong. ``title`` is given where it does not stand in the bytes.
    """

    address: str
    kind: Kind
    content: bytes
    fetched: datetime
    importer: str
    title: str | None = None
    encoding: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Skipped:
    """A document that gave no draft; ``reason`` is a sentence for the person who imports."""

    address: str
    reason: str


@dataclass(frozen=True)
class Heading:
    """A heading, or the question of an accordion. ``level`` 1 is the title of an article."""

    text: str
    level: int


@dataclass(frozen=True)
class Paragraph:
    """Running text on one line, ``**bold**`` kept."""

    text: str


@dataclass(frozen=True)
class Steps:
    """A numbered list. ``typed``: the numbers were typed by hand into paragraphs."""

    items: tuple[str, ...]
    typed: bool = False


@dataclass(frozen=True)
class Bullets:
    """A bulleted list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells. ``headed``: the first row names the columns."""

    rows: tuple[tuple[str, ...], ...]
    headed: bool


@dataclass(frozen=True)
class Picture:
    """A picture of which only the words are kept: its caption or text alternative."""

    text: str


Block = Heading | Paragraph | Steps | Bullets | Table | Picture


def words_of(block: Block) -> str:
    """All text of a block on one line."""
    match block:
        case Steps() | Bullets():
            return " ".join(block.items)
        case Table():
            return " ".join(cell for row in block.rows for cell in row)
        case _:
            return block.text


@dataclass(frozen=True)
class Extract:
    """A clean article: ``blocks`` without the title. ``confidence``: probability of the language, 0 to 1.

    ``notes`` say what was left out or guessed, for the person who reviews.
    """

    address: str
    importer: str
    fetched: datetime
    title: str
    language: str
    confidence: float
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
